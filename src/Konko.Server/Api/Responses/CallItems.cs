using System.Text.Json;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.Responses;

/// <summary>
/// Puts the items <c>function_call</c> of a response's input into the form that templates know: calls that follow each other are
/// one message, together with what the assistant said before them.
/// </summary>
internal sealed class CallItems
{
    private readonly List<(string Id, string Name, string Arguments)> _calls = [];
    private string? _thought;

    /// <summary>Takes a call.</summary>
    /// <param name="fields">The item.</param>
    /// <param name="thought">What the assistant thought before it, or null.</param>
    public void Add(Parameters fields, string? thought)
    {
        string? name = fields.Text("name");
        if (string.IsNullOrEmpty(name)) fields.Fail("name", "must be the name of a function.");
        string? arguments = fields.Text("arguments");
        if (arguments is null) fields.Fail("arguments", "must be JSON in a string.");
        string? id = Id(fields);
        _thought ??= thought;
        if (!fields.Failed) _calls.Add((id!, name!, arguments!));
    }

    /// <summary>No call follows: puts those that were taken into the conversation.</summary>
    /// <param name="messages">The conversation so far.</param>
    public void Flush(List<ChatMessage> messages)
    {
        if (_calls.Count == 0) return;
        bool joins = messages is [.., { Role: "assistant" }] && _thought is null;
        if (!joins) messages.Add(new ChatMessage("assistant", null) { ReasoningContent = _thought });
        messages[^1] = messages[^1] with { ToolCalls = List() };
        _calls.Clear();
        _thought = null;
    }

    /// <summary>The call that an item is or answers.</summary>
    /// <param name="fields">The item.</param>
    public static string? Id(Parameters fields)
    {
        string? id = fields.Text("call_id");
        if (string.IsNullOrEmpty(id)) fields.Fail("call_id", "must be the id of a call.");
        return id;
    }

    private JsonElement List()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach ((string id, string name, string arguments) in _calls)
            {
                json.WriteStartObject();
                json.WriteString("id", id);
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", name);
                json.WriteString("arguments", arguments);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        using JsonDocument document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
        return document.RootElement.Clone();
    }
}
