"""Calls an endpoint on this machine with boto3. Usage: runtime_client.py URL ENDPOINT_NAME. Prints what came of each call as JSON lines."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

url, name = sys.argv[1:]
client = boto3.client(
    "sagemaker-runtime",
    endpoint_url=url,
    region_name="eu-central-1",
    aws_access_key_id="x",
    aws_secret_access_key="y",
    config=Config(retries={"max_attempts": 1}),
)


def request(**more):
    with open("models/penguins/request.json", "rb") as file:
        return {"EndpointName": name, "ContentType": "application/json", "Body": file.read(), **more}


def told(call, arguments):
    try:
        answer = call(**arguments)
        return {"variant": answer["InvokedProductionVariant"], "answer": json.loads(answer["Body"].read())}
    except ClientError as error:
        return {"code": error.response["Error"]["Code"], "original": error.response.get("OriginalStatusCode")}


def streamed():
    events = client.invoke_endpoint_with_response_stream(**request())["Body"]
    return {"answer": json.loads(b"".join(event["PayloadPart"]["Bytes"] for event in events))}


for call in (
    request(),
    request(TargetVariant="next"),
    request(EndpointName="nobody"),
    request(Body=b"{}"),
    request(Body=bytes(6_291_457)),
):
    print(json.dumps(told(client.invoke_endpoint, call)))
print(json.dumps(streamed()))
