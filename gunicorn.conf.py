"""How gunicorn serves the site; the command line and WEB_CONCURRENCY (number of workers) have the last word."""

preload_app = True  # settings are checked and the catalogue loaded once, before the fork
worker_class = "isic.lib.server.BufferingWorker"
threads = 4  # requests in the application at once; clients that wait or dawdle hold none
keepalive = 75  # behind a proxy that keeps its connections; the default, 2 s, drops some
accesslog = None  # isic.lib.middleware.RequestLog says more, without the query string
control_socket_disable = True  # nobody steers a running server through a socket of the home directory


def on_starting(server):
    """Its own errors name addresses too."""
    from isic.lib.secret_links import HideSecrets  # noqa: PLC0415 -- the application is loaded by now

    server.log.error_log.addFilter(HideSecrets())
