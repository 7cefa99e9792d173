"""Settings: which source wins, what is refused, and that secrets stay secret."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from pipeline.config import (
    ElasticsearchSettings,
    KafkaSettings,
    Settings,
    StreamingSettings,
    configs_dir,
    load_settings,
)
from pipeline.errors import Misconfigured

SECRET = "halibut-7-lantern"  # nobody's password
SECRETS = ("KAFKA__SASL_PASSWORD", "ELASTICSEARCH__API_KEY", "ELASTICSEARCH__PASSWORD")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings but the shipped ones, read anew by each test."""
    for name in [name for name in os.environ if name.startswith("WIRE_")]:
        monkeypatch.delenv(name)
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of one's own, named by WIRE_CONFIG."""
    file = tmp_path / "own.toml"
    monkeypatch.setenv("WIRE_CONFIG", str(file))
    return file


# -- which source wins -----------------------------------------------------------------------------


def test_the_shipped_file_is_read_and_says_what_the_defaults_say() -> None:
    assert (configs_dir() / "wire.toml").is_file()
    shipped = load_settings()
    assert {"kafka", "elasticsearch"} <= shipped.model_fields_set
    for name in shipped.model_fields_set:
        assert getattr(shipped, name) == Settings.model_fields[name].get_default(call_default_factory=True)


def test_a_file_of_ones_own_wins_over_the_shipped_one_key_by_key(toml: Path) -> None:
    toml.write_text('[kafka]\nsecurity_protocol = "SSL"\n[elasticsearch]\nurl = "http://index.example:9200"\n')
    settings = load_settings()
    assert settings.kafka.security_protocol == "SSL"
    assert settings.kafka.bootstrap_servers == "127.0.0.1:9092"
    assert settings.elasticsearch.url == "http://index.example:9200"


def test_a_variable_wins_over_a_file_key_by_key(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml.write_text("[streaming]\ntake = 11\nbatch = 12\n")
    monkeypatch.setenv("WIRE_STREAMING__TAKE", "99")
    streaming = load_settings().streaming
    assert (streaming.take, streaming.batch) == (99, 12)


def test_a_flag_wins_over_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRE_STREAMING__TAKE", "99")
    assert Settings(streaming=StreamingSettings(take=5)).streaming.take == 5


def test_lists_and_tables_are_json_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRE_ENRICHMENT__LANGUAGES", '["en", "fr"]')
    monkeypatch.setenv("WIRE_ENRICHMENT__LABELS", '{"MISC": ""}')
    enrichment = load_settings().enrichment
    assert enrichment.languages == ["en", "fr"]
    assert enrichment.labels == {"MISC": ""}


def test_a_secret_file_is_read_and_a_variable_wins_over_it(tmp_path: Path) -> None:
    (tmp_path / "WIRE_KAFKA__SASL_PASSWORD").write_text("from the file\n")
    (tmp_path / "WIRE_KAFKA__SASL_USERNAME").write_text("from the file\n")
    program = (
        "from pipeline.config import load_settings as load\n"
        "kafka = load().kafka\n"
        "print(kafka.sasl_password.get_secret_value() if kafka.sasl_password else None, kafka.sasl_username, sep='|')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"WIRE_SECRETS_DIR": str(tmp_path), "WIRE_KAFKA__SASL_USERNAME": "from the variable"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "from the file|from the variable\n"


def test_settings_are_read_once_and_cannot_be_changed() -> None:
    settings = load_settings()
    assert load_settings() is settings
    with pytest.raises(ValidationError, match="frozen"):
        settings.kafka.bootstrap_servers = "elsewhere:9092"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        settings.kafka = KafkaSettings()  # type: ignore[misc]


# -- what is refused -------------------------------------------------------------------------------


def refusal() -> str:
    """What is said of the settings, which must be wrong."""
    with pytest.raises(Misconfigured) as wrong:
        load_settings()
    assert "docs/configuration.md" in str(wrong.value) or "WIRE_CONFIG" in str(wrong.value)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("variable", "named"),
    [
        ("WIRE_NOPE", "WIRE_NOPE"),
        ("WIRE_NOPE__KEY", "WIRE_NOPE__KEY"),
        ("WIRE_KAFKA_BOOTSTRAP_SERVERS", "WIRE_KAFKA_BOOTSTRAP_SERVERS"),  # one underscore too few
        ("WIRE_KAFKA__BOOTSTRAP_SERVER", "kafka.bootstrap_server:"),
    ],
)
def test_an_unknown_variable_is_named(variable: str, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "x")
    assert named in refusal()


@pytest.mark.parametrize(
    ("content", "named"),
    [("nope = 1\n", "nope:"), ("[nope]\nkey = 1\n", "nope:"), ("[local]\nnope = 1\n", "local.nope:")],
)
def test_an_unknown_key_of_a_file_is_named(content: str, named: str, toml: Path) -> None:
    toml.write_text(content)
    assert named in refusal()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kafka.security_protocol", "plain"),
        ("kafka.request_timeout", "0"),
        ("topics.partitions", "0"),
        ("feeding.max_item_bytes", "-1"),
        ("feeding.compression", "zip"),
        ("streaming.take", "many"),
        ("streaming.enrich_processes", "-1"),
        ("indexing.replicas", "-1"),
        ("local.kafka_port", "65536"),
        ("local.kafka_port", "0"),
        ("logging.level", "loud"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(key: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"WIRE_{key.upper().replace('.', '__')}", value)
    assert f"{key}: " in refusal()


def test_everything_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRE_LOGGING__LEVEL", "loud")
    monkeypatch.setenv("WIRE_STREAMING__TAKE", "0")
    said = refusal()
    assert "logging.level: " in said
    assert "streaming.take: " in said


def test_a_file_that_does_not_exist_is_named(toml: Path) -> None:
    assert f"WIRE_CONFIG names {toml}, which is no file" in refusal()


@pytest.mark.parametrize("content", [b"[kafka\n", b"x = ", b"\xff\xfe\x00", b"kafka = 3\n"])
def test_a_file_that_is_no_toml_or_no_settings_is_refused(content: bytes, toml: Path) -> None:
    toml.write_bytes(content)
    assert "settings" in refusal()


# -- secrets stay secret ---------------------------------------------------------------------------


def test_secrets_are_read_but_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(f"WIRE_{name}", SECRET)
    settings = load_settings()
    read = (settings.kafka.sasl_password, settings.elasticsearch.api_key, settings.elasticsearch.password)
    assert [secret and secret.get_secret_value() for secret in read] == [SECRET] * 3
    for shown in (
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        f"{settings.kafka} {settings.elasticsearch}",
    ):
        assert SECRET not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"WIRE_KAFKA__SASL_PASWORD": SECRET},
        {"WIRE_KAFKA__SASL_PASSWORD__OLD": SECRET},
        {"WIRE_KAFKA": f'{{"sasl_password": "{SECRET}"'},
        {"WIRE_KAFKA": f'{{"sasl_password": ["{SECRET}"]}}'},
        {"WIRE_ELASTICSEARCH__API_KEY": SECRET, "WIRE_ELASTICSEARCH__REQUEST_TIMEOUT": "soon"},
    ],
)
def test_no_message_about_wrong_settings_shows_a_secret(wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    assert SECRET not in refusal()


@pytest.mark.parametrize("content", [f"[kafka]\nsasl_password = {SECRET}\n", f'[kafka]\nsasl_password = "{SECRET}\n'])
def test_no_message_about_a_broken_file_shows_a_secret(content: str, toml: Path) -> None:
    toml.write_text(content)
    assert SECRET not in refusal()


def test_a_traceback_shows_no_secret_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRE_KAFKA__SASL_PASWORD", SECRET)
    with pytest.raises(Misconfigured) as wrong:
        load_settings()
    assert SECRET not in "".join(traceback.format_exception(wrong.value))


def test_a_password_in_the_url_is_refused_and_not_shown() -> None:
    with pytest.raises(ValidationError, match=r"elasticsearch\.password") as refused:
        ElasticsearchSettings(url=f"https://editor:{SECRET}@index.example:9200")
    assert SECRET not in str(refused.value)


# -- what clients are told -------------------------------------------------------------------------


def test_kafka_clients_are_told_all_servers_and_no_more_than_needed() -> None:
    options = KafkaSettings(bootstrap_servers="a.example:9092,b.example:9093").client_options()
    assert options == {"bootstrap_servers": ["a.example:9092", "b.example:9093"], "security_protocol": "PLAINTEXT"}


def test_kafka_clients_are_told_who_we_are() -> None:
    kafka = KafkaSettings(
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_username="desk",
        sasl_password=SecretStr(SECRET),
    )
    options = kafka.client_options()
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("desk", SECRET)
    assert "ssl_context" not in options


@pytest.mark.parametrize("protocol", ["SSL", "SASL_SSL"])
def test_an_encrypted_connection_checks_the_broker(protocol: str) -> None:
    context = KafkaSettings.model_validate({"security_protocol": protocol}).client_options()["ssl_context"]
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, {}),
        ({"username": "desk"}, {}),
        ({"username": "desk", "password": SECRET}, {"basic_auth": ("desk", SECRET)}),
        ({"username": "desk", "password": SECRET, "api_key": "key"}, {"api_key": "key"}),
        ({"ca_certs": __file__}, {"ca_certs": __file__}),
    ],
)
def test_elasticsearch_clients_are_told_who_we_are(given: dict[str, str], told: dict[str, object]) -> None:
    options = ElasticsearchSettings.model_validate(given).client_options()
    assert options == {"hosts": ["http://127.0.0.1:9200"], "request_timeout": 30.0} | told


def test_no_number_of_enrichment_processes_means_one_for_each_core() -> None:
    streaming = StreamingSettings(clean_processes=3)
    assert streaming.processes("clean") == 3
    assert streaming.processes("enrich") == len(os.sched_getaffinity(0))
    assert StreamingSettings(enrich_processes=7).processes("enrich") == 7
