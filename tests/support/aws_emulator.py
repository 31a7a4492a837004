"""SageMaker and Application Auto Scaling on this machine, for tests: moto's server with its gaps filled in.

    python aws_emulator.py -H 127.0.0.1 -p <port>

It ends when standard input does.

What moto lacks and releases need: UpdateEndpoint with SageMaker's refusals, endpoints that take a while, tags of scalable
targets, scaling activities, and policies and scheduled actions that go with their target. Names choose what happens:

    an endpoint configuration `...-failing`       its endpoint ends up Failed
    an endpoint configuration `...-rolled-back`   an update to it is taken back: InService on the old one, with a reason
    an endpoint configuration `...-denied`        once it is served, nobody may describe the endpoint
    an endpoint `...-throttled-N`                 every N requests about it are throttled before one is answered
    an endpoint `...-slow-N`                      it stays in transition for N looks at it
"""

import json
import os
import re
import sys
import threading
import time

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, applicationautoscaling_backends
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.sagemaker.exceptions import AWSValidationException, ValidationError
from moto.sagemaker.models import FakeEndpoint, FakeEndpointConfig, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse
from moto.server import main

FAILED = "The primary container for production variant AllTraffic did not pass the ping health check."
ROLLED_BACK = "Canary traffic shifting was rolled back: an alarm went off."
DENIED = "User: arn:aws:iam::123456789012:user/tester is not authorized to perform: sagemaker:DescribeEndpoint"
IN_PROGRESS = ("Creating", "Updating")


def extends(cls):
    """Puts a method on a class of moto's; a method of that name is its first argument."""

    def put(method):
        before = getattr(cls, method.__name__, None)
        setattr(cls, method.__name__, lambda self, *args, **kwargs: method(before, self, *args, **kwargs))
        return method

    return put


def number_in(name, kind):
    found = re.search(rf"-{kind}-(\d+)", name)
    return int(found.group(1)) if found else 0


# Endpoints: each change takes as many looks as the name says and then ends as the configuration's name says.


def begin(endpoint, status, end, reason=None):
    endpoint.endpoint_status = status
    endpoint.failure_reason = None
    endpoint.looks = number_in(endpoint.endpoint_name, "slow")
    endpoint.end = (end, reason)
    if endpoint.looks == 0:
        settle(endpoint)


def settle(endpoint):
    if getattr(endpoint, "end", None) is None:
        return
    if endpoint.looks > 0:
        endpoint.looks -= 1
        return
    endpoint.endpoint_status, endpoint.failure_reason = endpoint.end
    endpoint.end = None


def outcome(config_name):
    return ("Failed", FAILED) if config_name.endswith("-failing") else ("InService", None)


@extends(FakeEndpointConfig)
def validate_instance_type(_, self, instance_type):
    """moto's list of types ends about 2021."""
    if not re.fullmatch(r"ml\.[a-z0-9-]+\.[a-z0-9-]+", instance_type):
        raise ValidationError(message=f"Value '{instance_type}' at 'instanceType' failed to satisfy constraint")


@extends(SageMakerResponse)
def create_endpoint(before, self):
    result = before(self)
    endpoint = self.sagemaker_backend.endpoints[self._get_param("EndpointName")]
    begin(endpoint, "Creating", *outcome(endpoint.endpoint_config_name))
    return result


@extends(SageMakerResponse)
def update_endpoint(_, self):
    backend = self.sagemaker_backend
    name, config_name = self._get_param("EndpointName"), self._get_param("EndpointConfigName")
    backend.describe_endpoint(name)
    backend.describe_endpoint_config(config_name)
    endpoint, config = backend.endpoints[name], backend.endpoint_configs[config_name]
    refuse_in_progress(endpoint)
    if endpoint.endpoint_status == "Failed":
        raise AWSValidationException(f'Cannot update endpoint "{endpoint.arn}" in status Failed.')
    refuse_gone(backend, endpoint)
    refuse_scaled(backend, endpoint, config)
    if config_name.endswith("-rolled-back"):
        begin(endpoint, "Updating", "InService", ROLLED_BACK)
    else:
        endpoint.endpoint_config_name = config_name
        endpoint.production_variants = endpoint._process_production_variants(config.production_variants)
        begin(endpoint, "Updating", *outcome(config_name))
    return ActionResult({"EndpointArn": endpoint.arn})


def refuse_in_progress(endpoint):
    if endpoint.endpoint_status in IN_PROGRESS:
        raise AWSValidationException(f'Cannot update in-progress endpoint "{endpoint.arn}".')


def refuse_gone(backend, endpoint):
    """SageMaker moves an endpoint from its configuration, which must exist."""
    if endpoint.endpoint_config_name not in backend.endpoint_configs:
        raise AWSValidationException(f'Could not find endpoint configuration "{endpoint.endpoint_config_name}".')


def refuse_scaled(backend, endpoint, config):
    """A variant that scales by itself must not lose its instance type."""
    serving = backend.endpoint_configs.get(endpoint.endpoint_config_name)
    types = [
        {variant["VariantName"]: variant.get("InstanceType") for variant in variants}
        for variants in (serving.production_variants if serving else [], config.production_variants)
    ]
    targets = applicationautoscaling_backends[backend.account_id][backend.region_name].targets
    for variant, instance_type in types[0].items():
        resource = f"endpoint/{endpoint.endpoint_name}/variant/{variant}"
        if resource in targets.get("sagemaker:variant:DesiredInstanceCount", {}) and types[1].get(variant) != instance_type:
            raise AWSValidationException(
                f'The variant(s) "[{variant}]" must be deregistered as scalable target(s) with AWS Auto Scaling before they '
                "can be removed or have their instance type updated."
            )


@extends(SageMakerResponse)
def describe_endpoint(before, self):
    name = self._get_param("EndpointName")
    endpoint = self.sagemaker_backend.endpoints.get(name)
    if endpoint is None:
        return before(self)
    if endpoint.endpoint_config_name.endswith("-denied"):
        raise JsonRESTError("AccessDeniedException", DENIED)
    if throttled(endpoint):
        raise JsonRESTError("ThrottlingException", "Rate exceeded")
    settle(endpoint)
    return before(self)


def throttled(endpoint):
    endpoint.throttled = getattr(endpoint, "throttled", 0) + 1
    if endpoint.throttled <= number_in(endpoint.endpoint_name, "throttled"):
        return True
    endpoint.throttled = 0
    return False


@extends(SageMakerResponse)
def update_endpoint_weights_and_capacities(before, self):
    endpoint = self.sagemaker_backend.endpoints[self._get_param("EndpointName")]
    refuse_in_progress(endpoint)
    result = before(self)
    begin(endpoint, "Updating", "InService")
    return result


# What autoscaling did: the emulator takes each count that is set for it.

scaling_activities = []


@extends(SageMakerResponse)
def update_endpoint_weights_and_capacities(before, self):
    result = before(self)
    for wanted in self._get_param("DesiredWeightsAndCapacities"):
        scaling_activities.insert(
            0,
            {
                "ActivityId": str(len(scaling_activities)),
                "ServiceNamespace": "sagemaker",
                "ResourceId": f"endpoint/{self._get_param('EndpointName')}/variant/{wanted['VariantName']}",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "Description": f"Setting desired instance count to {wanted.get('DesiredInstanceCount')}.",
                "Cause": "monitor alarm penguins-AlarmHigh in state ALARM triggered policy invocations",
                "StartTime": time.time(),
                "StatusCode": "Successful",
            },
        )
    return result


@extends(ApplicationAutoScalingResponse)
def describe_scaling_activities(_, self):
    wanted = self._get_param("ResourceId")
    found = [activity for activity in scaling_activities if activity["ResourceId"] == wanted]
    return json.dumps({"ScalingActivities": found[: self._get_param("MaxResults")]})


@extends(SageMakerModelBackend)
def add_tags(_, self, arn, tags):
    """moto adds a tag that is there a second time."""
    resource = self._get_resource_from_arn(arn)
    added = {tag["Key"] for tag in tags}
    resource.tags = [tag for tag in resource.tags if tag["Key"] not in added] + tags
    return resource.tags


def without_empty(response):
    return {key: value for key, value in response.items() if value or value == 0}


FakeEndpoint.response_object = property(lambda self, before=FakeEndpoint.response_object: without_empty(before.fget(self)))


# Scalable targets: their tags, and what goes with them.

target_tags = {}


@extends(ApplicationAutoScalingResponse)
def register_scalable_target(before, self):
    result = before(self)
    target_tags.setdefault(json.loads(result)["ScalableTargetARN"], {}).update(self._get_param("Tags") or {})
    return result


@extends(ApplicationAutoScalingResponse)
def list_tags_for_resource(_, self):
    return json.dumps({"Tags": target_tags.get(self._get_param("ResourceARN"), {})})


@extends(ApplicationAutoscalingBackend)
def deregister_scalable_target(before, self, namespace, r_id, dimension):
    before(self, namespace, r_id, dimension)
    self.policies = {key: policy for key, policy in self.policies.items() if policy.resource_id != r_id}
    self.scheduled_actions = [action for action in self.scheduled_actions if action.resource_id != r_id]


def end_with_parent():
    """Ends this process when standard input ends, which it does when the process that started it is gone."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.exit(main())
