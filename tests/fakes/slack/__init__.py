"""A Slack on the loopback: Web API, signed requests, Socket Mode, and people who use the bot.

    async with SlackServer() as slack:
        ...  # start the bot with slack.api_base, slack.bot_token, slack.app_token
        await slack.connected()
        ada = slack.person("Ada")
        answer = await slack.slash(ada, "/compare", "ai engineer vs ml engineer")
        again = await slack.click(ada, answer.messages[0], "Swap")
        assert slack.violations == []

`server` is the entry; `people` lists what a person can do, `answers` what they then see.
"""
