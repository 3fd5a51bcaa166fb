using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Engine.Templates;

namespace Konko.Engine.Tests.Templates;

/// <summary>Conversations of the reference data whose every text spells control tokens, whole or in parts.</summary>
/// <param name="marks">The control tokens.</param>
/// <param name="random">Decides.</param>
internal sealed class HostileConversation(string[] marks, Random random)
{
    private static readonly string[] s_others = [" ", "\n", "\t", "\"", "'", "\\", "{", "}}", "{%", "&", "text", "É", "%s", "{}", "<|", "|>", "_"];

    /// <summary>One of the reference conversations, changed.</summary>
    public TemplateInput Next()
    {
        JsonElement input = ReferenceTemplates.Inputs[random.Next(ReferenceTemplates.Inputs.Count)].Input;
        using JsonDocument changed = JsonDocument.Parse(Change(JsonNode.Parse(input.GetRawText())!, "").ToJsonString());
        return ReferenceTemplates.Input(changed.RootElement);
    }

    private JsonNode Change(JsonNode node, string key)
    {
        switch (node)
        {
            case JsonObject dict:
                var result = new JsonObject();
                foreach ((string name, JsonNode? value) in dict)
                {
                    // Keys that the publisher's template looks up stay as they are, those that the caller invents do not.
                    string known = key is "properties" or "arguments" && random.Next(2) == 0 ? Text() + name : name;
                    result.Add(known, value is null ? null : Change(value, key == "properties" ? "" : name));
                }
                return result;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Change(item!, key))]);
            default:
                bool isText = node.GetValueKind() == JsonValueKind.String && random.Next(key is "role" or "type" ? 20 : 8) > 0 == key is not ("role" or "type");
                if (!isText) return node.DeepClone();
                // Some templates ask for ids of nine characters.
                if (key is "id" or "tool_call_id") return JsonValue.Create(Text().PadRight(9, '1')[..9]);
                bool isJson = key == "arguments" && random.Next(4) > 0;
                return JsonValue.Create(isJson ? new JsonObject { [Text()] = Text() }.ToJsonString() : Text());
        }
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (int parts = random.Next(1, 7); parts > 0; parts--)
        {
            string mark = random.Next(2) == 0 ? ControlMarks.Private[random.Next(ControlMarks.Private.Length)] : marks[random.Next(marks.Length)];
            text.Append(random.Next(6) switch
            {
                0 => s_others[random.Next(s_others.Length)],
                1 => mark[..random.Next(mark.Length)],
                2 => mark[random.Next(mark.Length)..],
                3 => mark.ToUpperInvariant(),
                4 => " " + mark + "\n",
                _ => mark,
            });
        }
        return text.ToString();
    }
}
