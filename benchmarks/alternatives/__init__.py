"""What an engineer would write instead of this pipeline: raw items in, enriched documents in Elasticsearch.

Each runs as ``python -m benchmarks.alternatives.NAME TOPIC GROUP INDEX``, one process a core, in the usual settings.
All of them read, clean and enrich with our functions and write one document an article, in one hop. They have no dead
letters, no versions, no kills, no stances, no near-duplicates, no topic to replay from.
"""
