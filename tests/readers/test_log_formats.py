"""Which named format the lines of a log have."""

from __future__ import annotations

import pytest

from fcim_audit.readers.log_formats import recognised

ACCESS = '10.0.0.1 - - [01/Mar/2025:09:05:00 +0800] "GET /a HTTP/1.1" 200 5\n'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(ACCESS, "nginx", id="common"),
        pytest.param(ACCESS.strip() + ' "-" "curl/8"\n', "nginx", id="combined"),
        pytest.param(ACCESS * 9 + "odd\n", "nginx", id="nine-of-ten"),
        pytest.param(ACCESS * 8 + "odd\nodd\n", None, id="eight-of-ten"),
        pytest.param("Mar  1 09:05:01 host sshd[42]: Accepted\n", "syslog", id="rfc-3164"),
        pytest.param("<34>1 2025-03-01T09:05:01Z host su 1 ID47 - failed\n", "syslog5424", id="rfc-5424"),
        pytest.param('at="2025-03-01 09:05" 级别=红\n', "kv", id="pairs"),
        pytest.param("编号=1\n", None, id="one-pair"),
        pytest.param("工单编号,备注\n1,a=b c=d\n", None, id="pairs-in-a-cell"),
        pytest.param("2025-03-01 backupd: job=1 result=ok\n", None, id="words-beside-pairs"),
        pytest.param("\n\n", None, id="blank"),
        pytest.param("", None, id="nothing"),
    ],
)  # fmt: skip
def test_a_format_is_told_by_its_lines(text: str, name: str | None) -> None:
    assert recognised(text) == name
