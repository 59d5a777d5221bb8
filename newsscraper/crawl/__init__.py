"""The crawl: the only package that imports scrapy."""
