"""Every setting of a crawl, with its default. `scrapy.cfg` names this module; the add-on offers the same elsewhere.

All of them can be given as Scrapy settings are: `-s NAME=VALUE`, or in the settings of a project of one's own.
"""

from __future__ import annotations

from typing import Any

# --- ours ---------------------------------------------------------------------------------------------------------

# The folder that the corpus lies in, made when it is not there.
NEWSSCRAPER_CORPUS = "corpus"

# Folders of profiles of one's own, laid over the built-in ones: a list, or a string with the system's path separator.
NEWSSCRAPER_SITES: list[str] = []

# A file of weights of one's own, made by `python -m training`, instead of those that come with the package.
NEWSSCRAPER_MODEL = ""

# Who to write to about this crawl: a URL or a mail address, sent in the user agent. Hosts but this machine need one.
NEWSSCRAPER_CONTACT = ""

# Host -> `address:port` that stands in for it and its subdomains, as a dict or as JSON: tests, mirrors, replays. URLs
# and the Host header stay those of the host; https is asked as http.
NEWSSCRAPER_RESOLVE: dict[str, str] = {}

# Seconds: a robots.txt that asks for a longer Crawl-delay is given this one.
NEWSSCRAPER_MAX_CRAWL_DELAY = 60.0

# Hours that a robots.txt holds, unless its Cache-Control says less; then it is asked for again.
NEWSSCRAPER_ROBOTS_HOURS = 24.0

# Seconds that a host is left alone for which answers 429 or 503 and does not say how long (Retry-After): at first, then
# twice as long each time. Near nothing where the host is this machine.
NEWSSCRAPER_BACKOFF = 5.0

# Seconds that are waited for such a host; one that wants to be left alone for longer is asked by the next run.
NEWSSCRAPER_MAX_RETRY_AFTER = 300.0

# A host that refuses or challenges so many requests in a row, and gives no page meanwhile, is asked no more by this
# run; 0: never. Each of them makes the run wait longer before it asks that host again.
NEWSSCRAPER_MAX_REFUSALS_IN_A_ROW = 10

# What the corpus is for: what a site reserves is recorded in `rights` in any case, and decides here what may be kept.
# research: study by people and institutions that the law lets mine texts; nothing that a page says forbids keeping it.
# archive: copies for later; pages that say noarchive are left out.
# search: an index; pages that say noindex are left out.
# text-mining: by anybody else; pages whose text and data mining is reserved (TDMRep) are left out.
# ai-training: pages that say noai, noarchive or train-ai=n, and reserved ones, are left out.
NEWSSCRAPER_PURPOSE = "research"

# Clicks from where the crawl began; the further pages of a listing count once.
NEWSSCRAPER_MAX_DEPTH = 6

# Numbered pages of one listing.
NEWSSCRAPER_MAX_PAGES_PER_LISTING = 500

# A listing ends after so many pages in a row that bring no link to a story that nobody had named.
NEWSSCRAPER_MAX_BARREN_PAGES = 4

# A URL shape (`/calendar/N/N`) ends after so many pages in a row that bring no new story link and are no story.
NEWSSCRAPER_MAX_BARREN_OF_A_SHAPE = 20

# Pages of one story that its site prints on several; a longer one is kept as far as it came, and is not complete.
NEWSSCRAPER_MAX_PAGES_PER_STORY = 30

# Pages of a run that are no stories, all listings together.
NEWSSCRAPER_MAX_LISTING_PAGES = 20_000

# Feeds and sitemaps of a run.
NEWSSCRAPER_MAX_FEEDS_AND_SITEMAPS = 2_000

# The pages below one path (`/tags/...`) end after so many in a row that bring no new story link.
NEWSSCRAPER_MAX_BARREN_OF_A_FOLDER = 10

# What earlier runs saw is not asked or given again: what is new, changed or due is. False: every page is asked, and
# feeds (`-o`) have every story; sealed files still hold each version once.
NEWSSCRAPER_INCREMENTAL = True

# Hours after a story appeared at which it is asked again; empty: only where its site says that it changed.
NEWSSCRAPER_REVISIT_HOURS: list[float] = [1, 3, 12, 24, 72, 168, 720]

# A file is sealed after so many stories or minutes (0: no limit in time), and at the end.
NEWSSCRAPER_SEAL_EVERY = 1000
NEWSSCRAPER_SEAL_MINUTES = 15.0

# What sealed files are packed with: plain, gz, zst.
NEWSSCRAPER_SEAL_FORM = "plain"

# Which answers are kept as they came, in WARC files under `archive/`. stories: what led to a record, with the
# robots.txt of its host; all: every answer, lists, feeds, sitemaps and errors too; none.
NEWSSCRAPER_ARCHIVE = "stories"

# Megabytes after which a further WARC file is begun.
NEWSSCRAPER_ARCHIVE_MB = 1000

# Archives that a crawl is answered from, in place of the site: WARC files, folders of them, patterns, as a list or a
# string with the system's path separator. Nobody is asked, nothing is waited for, nothing is archived again.
NEWSSCRAPER_OFFLINE: list[str] = []

# Megabytes of memory for the ledger, all sites of a run together.
NEWSSCRAPER_LEDGER_CACHE_MB = 32

# True: also on file systems where a ledger cannot be kept safely, such as NFS.
NEWSSCRAPER_LEDGER_ANYWHERE = False

# Processes that read pages: a number, 0 for none; auto: none while reading takes little of the time, then one a core.
# A page over which a process died is read in one in any case.
NEWSSCRAPER_WORKERS: int | str = "auto"

# Seconds that such a process may take for a page; 0: no limit.
NEWSSCRAPER_PAGE_SECONDS = 60.0

# Chromium, which draws pages where a profile says so ([browser]); empty: the first that is on the PATH.
NEWSSCRAPER_BROWSER = ""

# Seconds that it may take for a page, with all that the page's scripts ask for, at the site's pace.
NEWSSCRAPER_BROWSER_SECONDS = 60.0

# Requests that the scripts of one page may make; each script is asked for once a run.
NEWSSCRAPER_BROWSER_REQUESTS = 40

# The instant at which the run's clock starts (`2022-03-30T17:20:00Z`), for tests and replays; empty: now.
NEWSSCRAPER_NOW = ""

# When a run ends, it is measured by the reports of earlier runs over the same site, and what fell is told: exit 3.
NEWSSCRAPER_MONITORS = True

# So many earlier runs are looked back on, and fewer than the second tell nothing. Runs of few stories count together.
NEWSSCRAPER_MONITOR_RUNS = 10
NEWSSCRAPER_MONITOR_MIN_RUNS = 1

# Fewer stories than this (or requests, of which shares are taken) tell nothing.
NEWSSCRAPER_MONITOR_MIN_STORIES = 5

# A share of stories that have a field, or of story pages that are stories, falls by so much before it is told.
NEWSSCRAPER_MONITOR_FALL = 0.3

# A share of requests that fail, or are refused, rises by so much before it is told.
NEWSSCRAPER_MONITOR_RISE = 0.2

# The links to stories that feeds and the pages where a crawl begins name become fewer by such a share.
NEWSSCRAPER_MONITOR_LINKS_FALL = 0.8

# Bodies become so many times shorter or longer, or so much less sure.
NEWSSCRAPER_MONITOR_LETTERS_RATIO = 2.0
NEWSSCRAPER_MONITOR_CONFIDENCE_FALL = 0.15

# An instant (`2022-03-30T17:20:00Z`): runs that began before it are no measure any more. For a site that was rebuilt.
NEWSSCRAPER_MONITOR_SINCE = ""

# Who is told when a monitor fails: mail, webhook, or paths of Spidermon's actions, with Spidermon's settings.
NEWSSCRAPER_NOTIFY: list[str] = []

# Where `webhook` sends its JSON.
NEWSSCRAPER_WEBHOOK = ""

# --- Scrapy's, where we differ ------------------------------------------------------------------------------------

# Names the crawl in logs and, with version and contact, in the user agent.
BOT_NAME = "newsscraper"

# Installs our pipelines, middlewares and spider loader.
ADDONS: dict[str, int] = {"newsscraper.crawl.addon.NewsscraperAddon": 0}

# Shows `news` and every profile as spiders. (`scrapy list` asks before add-ons can say anything.)
SPIDER_LOADER_CLASS = "newsscraper.crawl.loader.NewsSpiderLoader"

# robots.txt is obeyed, and read for this name.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newsscraper"

# Certificates are verified; a site with a wrong one is reported, not read.
DOWNLOAD_VERIFY_CERTIFICATES = True

# Seconds between two requests to a host, on average; none where the host is this machine. A profile may set its own.
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.5

# Requests under way at once, to a host and in all.
CONCURRENT_REQUESTS_PER_DOMAIN = 4
CONCURRENT_REQUESTS = 16

# AutoThrottle takes our own computing time for the site's latency, unless workers read: a steady delay is honest.
AUTOTHROTTLE_ENABLED = False

# Seconds until an answer must be complete.
DOWNLOAD_TIMEOUT = 60

# Bytes of a response, as sent and unpacked: refused above the first, logged above the second. Sitemaps may be larger.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 8 * 1024 * 1024

# Redirects in a row. Those of `<meta http-equiv=refresh>` are read as links.
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False

# Tries after the first, for errors that may pass; what is given up is in the run's report.
RETRY_TIMES = 2
# Not 429 and 503: who is told to slow down does not ask again at once; NEWSSCRAPER_BACKOFF tells when.
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]
RETRY_GIVE_UP_LOG_LEVEL = "WARNING"

# No visit is remembered: every page as a newcomer sees it.
COOKIES_ENABLED = False

# A callback of ours gives one item, and Scrapy makes so many tasks for each.
CONCURRENT_ITEMS = 1

# Characters of a URL; longer ones are traps.
URLLENGTH_LIMIT = 2_000

# Requests come from the ledger. Other spiders of a project get Scrapy's own scheduler.
SCHEDULER = "newsscraper.crawl.scheduler.FrontierScheduler"

# Feeds (`-o`, `-O`) are UTF-8.
FEED_EXPORT_ENCODING = "utf-8"

# No server of our own beside the crawl.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# What happens to each request is for debugging.
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "INFO"


def own_settings() -> dict[str, Any]:
    """Every setting above by name, but for the add-on that offers them."""
    return {name: value for name, value in globals().items() if name.isupper() and name != "ADDONS"}
