"""Where the rooms are put together: settings, urls, wsgi and the gongchou command."""
