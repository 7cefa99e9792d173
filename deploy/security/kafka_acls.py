"""The ACLs of acls.toml, with the names of the topics and groups that the settings say.

Without a flag it prints a `kafka-acls` command a line, to be looked at and run where Kafka's own tools are. With
--apply it creates them over the connection the settings describe, which must be that of a super-user or of one with
ALTER on the cluster. ACLs that exist already stay; none is taken away.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

from pipeline.config import Settings, load_settings
from pipeline.errors import Fatal, Misconfigured, WireError
from pipeline.kafka_clients import open_admin

ACLS = Path(__file__).parent / "acls.toml"


def acls(settings: Settings) -> Iterator[ACL]:
    """Each line of acls.toml as an ACL, from any host."""
    topics = settings.topics.model_dump()
    groups = {stage: f"{settings.topics.group_prefix}-{stage}" for stage in ("clean", "enrich", "index")}
    kinds = {"topics": (ResourceType.TOPIC, topics), "groups": (ResourceType.GROUP, groups)}
    for principal, resources in tomllib.loads(ACLS.read_text("utf-8")).items():
        for kind, named in resources.items():
            resource_type, names = kinds[kind]
            for key, operations in named.items():
                pattern = ResourcePattern(resource_type, names[key])
                for operation in operations:
                    yield ACL(f"User:{principal}", "*", ACLOperation[operation], ACLPermissionType.ALLOW, pattern)


def command(acl: ACL) -> str:
    """The same for Kafka's command line."""
    pattern = acl.resource_pattern
    operation = "".join(word.capitalize() for word in acl.operation.name.split("_"))
    resource = (f"--{pattern.resource_type.name.lower()}", pattern.resource_name)
    words = ("--add", "--allow-principal", acl.principal, "--operation", operation, *resource)
    server = '--bootstrap-server "$BOOTSTRAP_SERVER" --command-config "$ADMIN_PROPERTIES"'
    return f"kafka-acls.sh {server} {shlex.join(words)}"


def apply(settings: Settings) -> int:
    """Create them; returns how many there are.

    Raises:
        ServiceUnreachable: Kafka does not answer.
        Misconfigured: it refuses us.
        Fatal: it has no authorizer.
    """
    wanted = list(acls(settings))
    with open_admin(settings.kafka) as admin:
        failed = admin.create_acls(wanted)["failed"]
    if failed:
        raise Fatal(
            f"Kafka refuses {len(failed)} of {len(wanted)} ACLs: {failed[0].__name__}",
            "use a super-user, and a broker with authorizer.class.name",
        )
    return len(wanted)


def main() -> int:
    """Print or apply; returns the exit code of `wire` for the error."""
    parser = argparse.ArgumentParser(description="The ACLs of acls.toml: kafka-acls commands, or the ACLs themselves.")
    parser.add_argument("--apply", action="store_true", help="create them, as the settings connect to Kafka")
    try:
        settings = load_settings()
        if parser.parse_args().apply:
            print(f"{apply(settings)} ACLs are in place")
        else:
            print("\n".join(map(command, acls(settings))))
    except WireError as error:
        print(f"kafka_acls: {error}", file=sys.stderr)
        return 2 if isinstance(error, Misconfigured) else 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
