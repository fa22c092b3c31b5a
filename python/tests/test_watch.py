"""watch() with the real clients of OpenAI and Anthropic against a local server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import anthropic
import openai
import pytest

import llm_server
from infinium import ConfigurationError, ExecutionStep, LlmCall, TraceBuilder, watch
from infinium._core import encode_task
from scripted_server import ScriptedServer

MESSAGES: list[Any] = [{"role": "user", "content": "Greet Ada"}]
Ask = Callable[[Any, str], Any]


def openai_client(server: ScriptedServer) -> openai.OpenAI:
    return openai.OpenAI(api_key="k", base_url=f"{server.url}/v1", max_retries=0)


def async_openai_client(server: ScriptedServer) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(api_key="k", base_url=f"{server.url}/v1", max_retries=0)


def anthropic_client(server: ScriptedServer) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="k", base_url=server.url, max_retries=0)


def async_anthropic_client(server: ScriptedServer) -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(api_key="k", base_url=server.url, max_retries=0)


def chat(client: openai.OpenAI, model: str) -> str:
    answer = client.chat.completions.create(model=model, messages=MESSAGES, temperature=0.5)
    return answer.choices[0].message.content or ""


def chat_stream(client: openai.OpenAI, model: str) -> str:
    stream = client.chat.completions.create(
        model=model, messages=MESSAGES, temperature=0.5, stream=True
    )
    assert isinstance(stream, openai.Stream)
    return "".join(c.choices[0].delta.content or "" for c in stream if c.choices)


def chat_helper(client: openai.OpenAI, model: str) -> str:
    with client.chat.completions.stream(model=model, messages=MESSAGES, temperature=0.5) as stream:
        return stream.get_final_completion().choices[0].message.content or ""


def chat_raw(client: openai.OpenAI, model: str) -> str:
    raw = client.chat.completions.with_raw_response.create(model=model, messages=MESSAGES)
    return raw.parse().choices[0].message.content or ""


async def chat_async(client: openai.AsyncOpenAI, model: str) -> str:
    answer = await client.chat.completions.create(model=model, messages=MESSAGES, temperature=0.5)
    return answer.choices[0].message.content or ""


async def chat_stream_async(client: openai.AsyncOpenAI, model: str) -> str:
    stream = await client.chat.completions.create(
        model=model, messages=MESSAGES, temperature=0.5, stream=True
    )
    assert isinstance(stream, openai.AsyncStream)
    return "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])


def responses(client: openai.OpenAI, model: str) -> str:
    return client.responses.create(model=model, input="Greet Ada", temperature=0.5).output_text


def responses_stream(client: openai.OpenAI, model: str) -> str:
    stream = client.responses.create(model=model, input="Greet Ada", temperature=0.5, stream=True)
    (last,) = [event for event in stream if event.type == "response.completed"]
    return last.response.output_text


def messages(client: anthropic.Anthropic, model: str) -> str:
    answer = client.messages.create(
        model=model, max_tokens=9, messages=MESSAGES, extra_body={"temperature": 0.5}
    )
    return text_of(answer)


def messages_stream(client: anthropic.Anthropic, model: str) -> str:
    stream = client.messages.create(model=model, max_tokens=9, messages=MESSAGES, stream=True)
    return "".join(
        event.delta.text
        for event in stream
        if event.type == "content_block_delta" and event.delta.type == "text_delta"
    )


def messages_helper(client: anthropic.Anthropic, model: str) -> str:
    with client.messages.stream(model=model, max_tokens=9, messages=MESSAGES) as stream:
        return "".join(stream.text_stream)


async def messages_async(client: anthropic.AsyncAnthropic, model: str) -> str:
    return text_of(await client.messages.create(model=model, max_tokens=9, messages=MESSAGES))


async def messages_stream_async(client: anthropic.AsyncAnthropic, model: str) -> str:
    async with client.messages.stream(model=model, max_tokens=9, messages=MESSAGES) as stream:
        return text_of(await stream.get_final_message())


def messages_beta(client: anthropic.Anthropic, model: str) -> str:
    return text_of(client.beta.messages.create(model=model, max_tokens=9, messages=MESSAGES))


def text_of(message: Any) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


OPENAI: list[tuple[Callable[..., Any], Ask]] = [
    (openai_client, chat),
    (openai_client, chat_stream),
    (openai_client, chat_helper),
    (async_openai_client, chat_async),
    (async_openai_client, chat_stream_async),
    (openai_client, responses),
    (openai_client, responses_stream),
]
ANTHROPIC: list[tuple[Callable[..., Any], Ask]] = [
    (anthropic_client, messages),
    (anthropic_client, messages_stream),
    (anthropic_client, messages_helper),
    (anthropic_client, messages_beta),
    (async_anthropic_client, messages_async),
    (async_anthropic_client, messages_stream_async),
]


@pytest.fixture
def llm(server: ScriptedServer) -> ScriptedServer:
    server.script = llm_server.script
    return server


@pytest.fixture(params=OPENAI + ANTHROPIC, ids=lambda way: way[1].__name__)
def way(request: pytest.FixtureRequest) -> tuple[Callable[..., Any], Ask]:
    return request.param


def steps_of(trace: TraceBuilder) -> list[ExecutionStep]:
    task = trace.build()
    assert encode_task(task)
    return task.steps or []


def run(
    make: Callable[[ScriptedServer], Any],
    ask: Ask,
    llm: ScriptedServer,
    model: str = "m",
    **options: Any,
) -> tuple[str, TraceBuilder]:
    """What the program got, and the trace that was active meanwhile."""
    trace = TraceBuilder("n", "d")
    client = make(llm)
    if not asyncio.iscoroutinefunction(ask):
        with client, trace:
            assert watch(client, **options) is client
            return ask(client, model), trace

    async def main() -> str:
        async with client:
            with trace:
                assert watch(client, **options) is client
                return await ask(client, model)

    return asyncio.run(main()), trace


def test_a_call_is_recorded(way: Any, llm: ScriptedServer) -> None:
    make, ask = way
    text, trace = run(make, ask, llm)
    assert text == "Hello Ada"
    (step,) = steps_of(trace)
    call = step.llm_call
    assert call is not None
    if way in OPENAI:
        assert (call.provider, call.model) == ("openai", "gpt-test-2026")
        assert (call.prompt_tokens, call.completion_tokens) == (11, 7)
        assert (call.cached_prompt_tokens, call.reasoning_tokens) == (4, 2)
    else:
        assert (call.provider, call.model) == ("anthropic", "claude-test-2026")
        assert (call.prompt_tokens, call.completion_tokens) == (10, 6)
        assert call.cached_prompt_tokens == 3
    assert call.latency_ms is not None
    assert step.action == "llm_inference"
    assert step.metadata == {"tool_calls": [{"name": "search", "id": "call_1"}]}
    assert (step.input_preview, step.output_preview, step.error) == (None, None, None)
    assert "Ada" not in repr(step)


def test_content_is_recorded_when_asked_for(way: Any, llm: ScriptedServer) -> None:
    make, ask = way
    _, trace = run(make, ask, llm, capture_content=True)
    (step,) = steps_of(trace)
    assert "Greet Ada" in (step.input_preview or "")
    assert step.output_preview == "Hello Ada"
    (tool_call,) = (step.metadata or {})["tool_calls"]
    assert tool_call["arguments"] == '{"q": "x"}'


def test_an_error_is_recorded_and_raised(way: Any, llm: ScriptedServer) -> None:
    make, ask = way
    trace = TraceBuilder("n", "d")
    kind = openai.InternalServerError if way in OPENAI else anthropic.InternalServerError
    with trace, pytest.raises(kind, match="model is down"):
        run_in(trace, make, ask, llm)
    (step,) = steps_of(trace)
    assert step.error is not None
    assert step.error.error_type == "InternalServerError"
    assert step.llm_call is not None
    assert step.llm_call.model == "broken"


def run_in(trace: TraceBuilder, make: Any, ask: Ask, llm: ScriptedServer) -> None:
    """A failing call inside `trace`, with the client closed afterwards."""
    client = watch(make(llm))
    if not asyncio.iscoroutinefunction(ask):
        with client:
            ask(client, "broken")
        return

    async def main() -> None:
        async with client:
            await ask(client, "broken")

    asyncio.run(main())


def test_outside_of_a_trace_nothing_is_recorded(way: Any, llm: ScriptedServer) -> None:
    make, ask = way
    client = watch(make(llm))

    async def main() -> str:
        async with client:
            return await ask(client, "m")

    if asyncio.iscoroutinefunction(ask):
        assert asyncio.run(main()) == "Hello Ada"
    else:
        with client:
            assert ask(client, "m") == "Hello Ada"


def test_a_raw_answer_is_left_alone(llm: ScriptedServer) -> None:
    text, trace = run(openai_client, chat_raw, llm, capture_content=True)
    assert text == "Hello Ada"
    (step,) = steps_of(trace)
    assert step.llm_call is not None
    assert (step.llm_call.model, step.llm_call.provider) == ("m", "openai")


def test_watching_twice_records_once(llm: ScriptedServer) -> None:
    with openai_client(llm) as client, TraceBuilder("n", "d") as trace:
        watch(watch(client), capture_content=True)
        chat(client, "m")
    (step,) = steps_of(trace)
    assert step.output_preview == "Hello Ada"


def test_a_stream_left_early_says_so(llm: ScriptedServer) -> None:
    with openai_client(llm) as client, TraceBuilder("n", "d") as trace:
        watch(client, capture_content=True)
        stream = client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        next(iter(stream))
        stream.close()
        del stream
    (step,) = steps_of(trace)
    assert (step.metadata or {})["answer_complete"] is False


def test_a_call_inside_a_step_belongs_to_it(llm: ScriptedServer) -> None:
    with openai_client(llm) as client, TraceBuilder("n", "d") as trace:
        watch(client)
        with trace.step("decision", "plan"):
            chat(client, "m")
        with trace.step("llm_inference", "own record") as step:
            chat(client, "m")
            step.record_llm_call("mine", prompt_tokens=1)
        with trace.step("decision", "twice"):
            chat(client, "m")
            chat(client, "m")
    steps = steps_of(trace)
    assert [step.action for step in steps] == [
        "decision",
        "llm_inference",
        "decision",
        "llm_inference",
    ]
    assert [step.step_number for step in steps] == [1, 2, 3, 4]
    assert steps[1].llm_call == LlmCall("mine", prompt_tokens=1)
    usage = trace.build().llm_usage
    assert usage is not None
    assert (usage.api_calls_count, usage.prompt_tokens) == (4, 34)


def test_other_services_are_told_by_their_address(llm: ScriptedServer) -> None:
    with openai_client(llm) as client, TraceBuilder("n", "d") as trace:
        renamed = client.with_options(base_url=f"{llm.url}/api.x.ai/v1")
        watch(renamed)
        chat(renamed, "m")
    (step,) = steps_of(trace)
    assert step.llm_call is not None
    assert step.llm_call.provider == "xai"


def test_a_replaced_create_is_watched_too(llm: ScriptedServer) -> None:
    with openai_client(llm) as client, TraceBuilder("n", "d") as trace:
        original = client.chat.completions.create
        setattr(client.chat.completions, "create", lambda **body: original(**body))  # noqa: B010, PLW0108
        watch(client)
        chat(client, "m")
    assert len(steps_of(trace)) == 1


def test_another_client_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"builtins\.dict") as caught:
        watch({})
    assert caught.value.config_key == "client"
