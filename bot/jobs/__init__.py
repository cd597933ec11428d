"""What the bot does by itself: closing quizzes that rest, and sending notices that are due."""
