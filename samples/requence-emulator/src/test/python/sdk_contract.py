# Copyright 2026 the original author or authors.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#      https://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.

"""Does one thing with the official Requence SDK and prints what came of it, one JSON value per line.

The access token is taken from REQUENCE_TASK_ACCESS_TOKEN by the SDK itself.
"""

import asyncio
import base64
import datetime
import json
import sys
import threading

from requence.files import RequenceFile, RequenceStream
from requence.task import Task, TaskWatcher, abort_task, get_task, protect_task

TERMINAL = {"taskEnd", "taskError", "taskAborted"}


def say(**values):
    # In one piece: threads of the SDK write as well
    sys.stdout.write(json.dumps(values, default=render) + "\n")
    sys.stdout.flush()


def render(value):
    """Reads files and streams; other values as text."""
    if isinstance(value, RequenceFile):
        return {"file": value.mime_type, "size": value.size, "base64": encode(value.blob())}
    if isinstance(value, RequenceStream):
        content = bytearray()
        truncated = None
        try:
            for chunk in value.iterable():
                content += chunk
        except Exception as ex:
            truncated = str(ex)
        return {"stream": value.mime_type, "base64": encode(content), "truncated": truncated}
    return str(value)


def encode(content):
    return base64.b64encode(content).decode("ascii")


def build(value):
    """Makes a file, a stream, or a long text of what describes one."""
    if isinstance(value, list):
        return [build(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$file" in value:
        return RequenceFile(base64.b64decode(value["$file"]), {"type": value["mime"]})
    if "$stream" in value:
        return RequenceStream(chunks(value["$stream"]), {"type": value["mime"]})
    if "$repeat" in value:
        return "x" * value["$repeat"]
    return {key: build(item) for key, item in value.items()}


def chunks(encoded):
    """Gives one chunk after the other, and breaks off at one that is null."""
    for chunk in encoded:
        if chunk is None:
            raise ValueError("broken off on purpose")
        yield base64.b64decode(chunk)


def outcome(call):
    """Says what a call that may fail came to."""
    try:
        call()
    except Exception as ex:
        say(failed=type(ex).__name__, message=str(ex))
    else:
        say(failed=None)


def describe(update):
    context = update["context"]
    return {
        "type": update["type"],
        "taskId": update["taskId"],
        "input": context["input"],
        "nodeData": context["node_data"],
        "nodeError": context["node_error"],
        "result": context["result"],
    }


def create(template, task_input, require_ack):
    """Creates a task and waits for its result, in vain when the thread dies that should create it."""
    threading.excepthook = lambda args: say(died=args.exc_type.__name__, message=str(args.exc_value))
    task = Task(template, input=build(json.loads(task_input)), name="From Python", priority=4,
                require_ack=require_ack == "true")
    say(taskId=task.sync.id)
    try:
        say(result=task.sync.result)
    except Exception as ex:
        say(failed=type(ex).__name__, message=str(ex))


def stream(template, task_input):
    """Creates a task and iterates over its updates."""
    for update in Task(template, input=json.loads(task_input)).sync.updates:
        say(**describe(update))


def stream_async(template, task_input):
    """The same in an event loop. The iteration does not end by itself."""

    async def iterate():
        async for update in Task(template, input=json.loads(task_input)).updates:
            say(**describe(update))
            if update["type"] in TERMINAL:
                break

    asyncio.run(iterate())


def get(task_id):
    """Fetches a task."""
    try:
        status, context = get_task(task_id)
        say(status=status, context=context)
    except Exception as ex:
        say(failed=type(ex).__name__, message=str(ex))


def abort(task_id, reason):
    """Aborts a task."""
    outcome(lambda: abort_task(task_id, reason=reason))


def protect(task_id):
    """Protects a task."""
    outcome(lambda: protect_task(task_id))


def watch():
    """Watches all tasks until the watcher's thread dies, which the first terminal update brings about."""
    died = threading.Event()

    def on_death(args):
        say(died=args.exc_type.__name__)
        died.set()

    def iterate(watcher):
        for update, incomplete in watcher.sync().updates:
            say(type=update["type"], taskId=update["taskId"], incomplete=incomplete)

    threading.excepthook = on_death
    watcher = TaskWatcher(since=datetime.datetime(2020, 1, 1), on_connect=lambda: say(connected=True))
    threading.Thread(target=iterate, args=(watcher,), daemon=True).start()
    died.wait(60)


if __name__ == "__main__":
    calls = {call.__name__: call for call in (create, stream, stream_async, get, abort, protect, watch)}
    calls[sys.argv[1]](*sys.argv[2:])
