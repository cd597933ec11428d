"""The proof that no answer is lost: people take quizzes while the bot is killed again and again."""
