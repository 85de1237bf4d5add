"""Sends uploads one after the other with urllib or requests and prints a line each: the status, or what happened instead."""

import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 20


def with_urllib(url, media_type, body, key):
    headers = {"content-type": media_type, "x-api-key": key}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return response.status
    except urllib.error.HTTPError as error:
        error.read()
        return error.code


def with_requests(keep):
    import requests

    session = requests.Session()
    connection = {} if keep else {"connection": "close"}

    def send(url, media_type, body, key):
        headers = {"content-type": media_type, "x-api-key": key, **connection}
        return session.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS).status_code

    return send


origin, key, how, *uploads = sys.argv[1:]
send = with_urllib if how == "urllib" else with_requests(keep=how == "requests")
for upload in uploads:
    path, media_type, size = upload.split("|")
    try:
        print(send(origin + path, media_type, bytes(int(size)), key), flush=True)
    except Exception as error:
        print(repr(error).replace("\n", " "), flush=True)
