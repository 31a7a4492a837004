"""The AWS emulator of the tests, for suites that begin many cases at one state.

    python engine_emulator.py

It prints its port on 127.0.0.1. `POST /fork` answers the port of a copy of it: a process of its own with everything that
was there, which lives on by itself and ends with `POST /end` or with its parent. `POST /calls` answers the calls since the
last time, but not those of the access key `onlooker`.
"""

import io
import json
import os
import re
import select
import signal
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

import aws_emulator  # noqa: F401  extends moto
from aws_emulator import extends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.models import FakeEndpointConfig
from moto.sagemaker.responses import SageMakerResponse
from werkzeug.serving import WSGIRequestHandler, make_server

# The calls since the last `POST /calls`, as (action, resource).
calls = set()

# Sockets that copies are to listen on; None ends this process.
waiting = []


def application(moto):
    def respond(environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/fork":
            listening = listen()
            waiting.append(listening)
            body = str(listening.getsockname()[1]).encode()
        elif path == "/end":
            waiting.append(None)
            body = b""
        elif path == "/calls":
            body = json.dumps([{"action": action, "resource": name} for action, name in sorted(calls)]).encode()
            calls.clear()
        else:
            note(environ)
            return moto(environ, start_response)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    return respond


SERVICES = {"monitoring": "cloudwatch"}
BUCKET_ACTIONS = {
    ("PUT", ""): "CreateBucket",
    ("DELETE", ""): "DeleteBucket",
    ("PUT", "tagging"): "PutBucketTagging",
    ("GET", "tagging"): "GetBucketTagging",
    ("GET", "policy"): "GetBucketPolicy",
    ("GET", "lifecycle"): "GetLifecycleConfiguration",
}
NAMES = ("EndpointName", "EndpointConfigName", "ModelName", "ResourceArn", "ResourceId")


def note(environ):
    """Notes a request as IAM sees it, by what the AWS SDKs sign and send."""
    signed = re.search(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    if not signed or signed[1] == "onlooker":
        return
    service, method, path = signed[2], environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if service == "s3":
        query = environ.get("QUERY_STRING", "").split("&")[0].split("=")[0]
        action = BUCKET_ACTIONS.get((method, "" if query == "x-id" else query), f"{method} {query}")
        calls.add((f"s3:{action}", path.strip("/") or environ["HTTP_HOST"].split(".")[0]))
        return
    target = environ.get("HTTP_X_AMZ_TARGET") or path
    calls.add((f"{SERVICES.get(service, service)}:{re.split('[./]', target)[-1]}", resource_in(environ)))


def resource_in(environ):
    """The resource that a JSON request names, without its body being gone afterwards."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        request = json.loads(body)
    except ValueError:
        return ""
    return next((request[name] for name in NAMES if isinstance(request.get(name), str)), "")


def listen():
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    return listening


class Quiet(WSGIRequestHandler):
    def log_request(self, *args, **kwargs):
        pass


def serve(listening):
    """One request at a time: between two of them nothing is half done, and the process can be copied."""
    parent = os.getppid()
    port = listening.getsockname()[1]
    server = make_server("127.0.0.1", port, app, request_handler=Quiet, fd=listening.fileno())
    while os.getppid() == parent:
        if select.select([server.socket], [], [], 1)[0]:
            server.handle_request()
        while waiting:
            fresh = waiting.pop()
            if fresh is None:
                os._exit(0)
            if os.fork() == 0:
                server.socket.close()
                listening.close()
                serve(fresh)
                os._exit(0)
            fresh.close()


# What SageMaker refuses and moto does not, and what moto forgets.


@extends(SageMakerResponse)
def create_model(before, self):
    name = self._get_param("ModelName")
    if name in self.sagemaker_backend._models:
        raise AWSValidationException(f'Cannot create already existing model "{name}".')
    return before(self)


@extends(SageMakerResponse)
def create_endpoint_config(before, self):
    name = self._get_param("EndpointConfigName")
    if name in self.sagemaker_backend.endpoint_configs:
        raise AWSValidationException(f'Cannot create already existing endpoint configuration "{name}".')
    for variant in variants(self):
        if variant["ModelName"] not in self.sagemaker_backend._models:
            raise AWSValidationException(f'Could not find model "{variant["ModelName"]}".')
    result = before(self)
    config = self.sagemaker_backend.endpoint_configs[name]
    config.shadows = self._get_param("ShadowProductionVariants") or []
    config.asynchronous = bool(self._get_param("AsyncInferenceConfig"))
    return result


def variants(response):
    return (response._get_param("ProductionVariants") or []) + (response._get_param("ShadowProductionVariants") or [])


@extends(SageMakerResponse)
def update_endpoint(before, self):
    backend = self.sagemaker_backend
    endpoint = backend.endpoints.get(self._get_param("EndpointName"))
    planned = backend.endpoint_configs.get(self._get_param("EndpointConfigName"))
    if endpoint and planned:
        refuse_update(backend, endpoint, planned)
    return before(self)


def refuse_update(backend, endpoint, planned):
    """Sources: aws/sagemaker-python-sdk #3124 (asyncInferenceConfig), and of serverless endpoints
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html"""
    serving = backend.endpoint_configs.get(endpoint.endpoint_config_name)
    if serving is None:
        raise AWSValidationException(f'Could not find endpoint configuration "{endpoint.endpoint_config_name}".')
    if serving is planned:
        raise AWSValidationException("Cannot update an endpoint to the endpoint configuration that it serves.")
    if serving.asynchronous != planned.asynchronous:
        change = "removed from" if serving.asynchronous else "added to"
        raise AWSValidationException(
            f"The AsyncInferenceConfig parameter cannot be {change} this endpoint {endpoint.endpoint_name}."
        )
    if serverless(planned) and not serverless(serving):
        raise AWSValidationException("Cannot update a real-time endpoint to a serverless endpoint.")


def serverless(config):
    return any("ServerlessConfig" in variant for variant in config.production_variants)


@extends(FakeEndpointConfig)
def validate_serverless_config(before, self, serverless_config):
    return None


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    app = application(DomainDispatcherApplication(create_backend_app))
    first = listen()
    print(first.getsockname()[1], flush=True)
    serve(first)
