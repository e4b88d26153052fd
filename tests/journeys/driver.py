"""Drive the whole way through the API for machines, as foreign programs would: nothing but HTTP."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from django.test import Client
from pypdf import PdfWriter

Json = dict[str, Any]


class Refused(Exception):
    """The portal answered with a problem; the answer is kept whole."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {json.dumps(problem, ensure_ascii=False)}")
        self.status = status
        self.problem = problem


class Machine:
    """One signed-in program."""

    def __init__(self, username: str, password: str) -> None:
        self.username = username
        self.client = Client()
        answer = self.client.post(
            "/api/v1/auth/token", {"username": username, "password": password}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        self.headers = {"Authorization": f"Token {answer.json()['token']}"}

    def get(self, path: str, **query: str) -> Any:
        return self._read(self.client.get(f"/api/v1{path}", query, headers=self.headers))

    def post(self, path: str, **body: Any) -> Any:
        return self._read(
            self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=self.headers)
        )

    def patch(self, path: str, body: Json) -> Any:
        return self._read(
            self.client.patch(f"/api/v1{path}", body, content_type="application/json", headers=self.headers)
        )

    def upload(self, path: str, **parts: Any) -> Any:
        return self._read(self.client.post(f"/api/v1{path}", parts, headers=self.headers))

    @staticmethod
    def _read(answer: Any) -> Any:
        if answer.status_code >= 400:
            assert answer["Content-Type"].startswith("application/problem+json"), answer.content[:500]
            raise Refused(answer.status_code, json.loads(answer.content))
        return answer.json() if answer.content else None


#: makes the machine of a role in a department, or of a role alone
Cast = Callable[..., Machine]


def answer_for(field: Json) -> Any:
    """Invent a sound answer for a field of any type."""
    if field["id"].startswith("declare."):
        return False
    if field["options"]:
        return field["options"][0]["value"]
    by_type: dict[str, Any] = {
        "text": "按批准的方案实施",
        "person": "林澄海",
        "mobile": "12000000001",
        "int": 12,
        "decimal": 1.5,
        "bool": False,
        "date": "2026-03-02",
        "daterange": {"start": "2026-03-02", "end": "2026-04-02"},
        "code": "E4710",
        "uscc": "91449902MA9A00053W",
        "lonlat": [113.9, 22.5],
        "code_list": [],
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[113.9, 22.5], [113.91, 22.5], [113.91, 22.51], [113.9, 22.51], [113.9, 22.5]]],
        },
    }
    if field["type"] == "table":
        return [{column["id"]: _cell(column) for column in field["columns"]}]
    return by_type[field["type"]]


def _cell(column: Json) -> Any:
    return answer_for({**column, "id": column["id"], "columns": []})


def file_for(formats: list[str]) -> io.BytesIO:
    """Make a sound file in one of the formats a slot takes."""
    content = io.BytesIO()
    if "pdf" in formats:
        writer = PdfWriter()
        writer.add_blank_page(width=595, height=842)
        writer.write(content)
        content.name = "材料.pdf"
    elif "txt" in formats:
        content.write("J1,1,2462105.213,38412310.457\r\n".encode("gbk"))
        content.name = "界址点.txt"
    elif "dwg" in formats:
        content.write(b"AC1032" + b"\0" * 64)
        content.name = "总平面图.dwg"
    else:
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("readme.txt", "x")
        content.name = "资料.zip"
    content.seek(0)
    return content


def fill_in(machine: Machine, application: int, answers: Json) -> Json:
    """Answer everything the form asks for; answers given by name go before invented ones."""
    for _round in range(4):
        form = machine.get(f"/applications/{application}/form")
        wanted = {
            field["id"]: answers.get(field["id"], answer_for(field))
            for field in form["fields"]
            if not field["read_only"] and field["value"] in (None, "", [])
            if field["required"] or field["id"] in answers or field["id"].startswith("declare.")
        }
        if not wanted:
            return form
        machine.patch(f"/applications/{application}/form", wanted)
    return machine.get(f"/applications/{application}/form")


def bring_materials(machine: Machine, application: int) -> Json:
    """Fill every required slot: with what the project has already, else with a new file."""
    for slot in machine.get(f"/applications/{application}/materials")["slots"]:
        if slot["filled"] or not slot["required"]:
            continue
        if slot["reusable"]:
            machine.upload(f"/applications/{application}/materials", slot=slot["id"], reuse=slot["reusable"][0]["id"])
        else:
            machine.upload(f"/applications/{application}/materials", slot=slot["id"], file=file_for(slot["formats"]))
    return machine.get(f"/applications/{application}/materials")


def work_off(cast: Cast, project: str, *, after_each: Callable[[], None]) -> list[Json]:
    """Let each department grant whatever lies on its desk for a project, until nothing does; return the cases."""
    done: list[Json] = []
    supervisor = cast("leader")
    while True:
        tasks = supervisor.get("/tasks", project=project)["results"]
        if not tasks:
            return done
        for task in tasks:
            machine = cast(task["step"], department=task["department"])
            conclusion = "grant" if task["deciding"] else "pass"
            done.append(machine.post(f"/tasks/{task['id']}/complete", conclusion=conclusion, opinion="符合条件。"))
        after_each()
