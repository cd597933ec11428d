"""`python -m bot` is `rolecall`."""

from bot.cli import main

if __name__ == "__main__":
    main()
