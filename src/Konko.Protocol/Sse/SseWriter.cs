using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Konko.Protocol.Sse;

/// <summary>Writes server-sent events straight into a buffer: <c>data: </c>, one line, a blank line.</summary>
/// <remarks>Nothing is flushed here; whoever owns the buffer does that when no further event is at hand.</remarks>
public sealed class SseWriter : IDisposable
{
    private readonly IBufferWriter<byte> _output;
    private readonly Utf8JsonWriter _json;

    /// <summary>A writer into a buffer.</summary>
    /// <param name="output">The buffer.</param>
    public SseWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _json = new Utf8JsonWriter(output, WireJson.Writer);
    }

    /// <summary>An event whose data is a value as one line of JSON.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is serialised.</param>
    public void WriteEvent<T>(T value, JsonTypeInfo<T> type)
    {
        _output.Write("data: "u8);
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
        _json.Reset();
        _output.Write("\n\n"u8);
    }

    /// <summary>The same with a name for the event, as the streams of <c>POST /v1/responses</c> have it.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="name">The event's name, one line.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is serialised.</param>
    public void WriteNamedEvent<T>(string name, T value, JsonTypeInfo<T> type)
    {
        _output.Write("event: "u8);
        Encoding.UTF8.GetBytes(name, _output);
        _output.Write("\n"u8);
        WriteEvent(value, type);
    }

    /// <summary>The event that says that the answer is complete.</summary>
    public void WriteDone() => _output.Write("data: [DONE]\n\n"u8);

    /// <summary>A comment that keeps the connection from looking dead.</summary>
    public void WritePing() => _output.Write(": ping\n\n"u8);

    /// <summary>The same comment where events have ids: without a blank line, which some clients take for an empty event once they have seen an id.</summary>
    public void WriteBarePing() => _output.Write(": ping\n"u8);

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
