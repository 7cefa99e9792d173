"""What is found in an article: entities, places, dates, quotes, keyphrases, a summary; later stances."""
