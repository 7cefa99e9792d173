"""Who is for or against whom or what: words that say so, who and what they join, and what else speaks for it."""
