"""Reading feeds from the network: nothing internal is reached, and nothing large or slow hurts."""
