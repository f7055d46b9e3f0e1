"""The product's settings, with translators and a connector that end their process."""

from visibility.settings import *  # noqa: F403  these are the settings, but for what follows

TRANSLATORS = {
    "application/edi-x12": "tests.faults.crashing.CrashingX12",
    "application/cloudevents+json": "tests.faults.crashing.CrashingCloudEvents",
    "application/cloudevents-batch+json": "tests.faults.crashing.CrashingCloudEvents",
}
CONNECTORS = {**CONNECTORS, "dying": "tests.faults.dying.DyingConnector"}  # noqa: F405  of the settings above
