using System.Text.Json;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates;

/// <summary>Finds out what a template takes by rendering small conversations and looking for their words in the prompt.</summary>
internal static class CapabilityProbe
{
    private const string Tools =
        """[{"type":"function","function":{"name":"Wtool","description":"Wdescription","parameters":{"type":"object","properties":{"Wkey":{"type":"string","description":"Wkey"}},"required":["Wkey"]}}}]""";

    private const string User = """{"role":"user","content":"Wuser"}""";
    private const string Parts = """[{"type":"text","text":"Wone"},{"type":"text","text":"Wtwo"}]""";
    private const string Result = """{"role":"tool","tool_call_id":"call00001","name":"Wtool","content":"Wresult"}""";

    /// <summary>What the template takes.</summary>
    /// <param name="template">The template.</param>
    /// <param name="mentionsDeveloper">
    /// Whether its source has the word; one that does not and prints any role would print a role its model never saw.
    /// </param>
    public static TemplateCapabilities Run(ChatTemplate template, bool mentionsDeveloper)
    {
        string? objectCall = Render(Call("\"\"", """{"Wkey":"Wvalue"}"""), Result);
        string? textCall = Render(Call("\"\"", """
            "{\"Wkey\":\"Wvalue\"}"
            """), Result);
        bool takesObjects = Shows(objectCall, "Wtool", "Wkey", "Wvalue");
        bool argumentsAreText = !takesObjects && Shows(textCall, "Wtool", "Wkey", "Wvalue");
        string? nullCall = Render(Call("null", """{"Wkey":"Wvalue"}"""), Result);
        return new TemplateCapabilities(
            Tools: Shows(RenderWithTools(User), "Wtool"),
            ToolCalls: takesObjects || argumentsAreText,
            SystemRole: Shows(Render("""{"role":"system","content":"Wsystem"}"""), "Wsystem"),
            DeveloperRole: mentionsDeveloper && Shows(Render("""{"role":"developer","content":"Wsystem"}"""), "Wsystem"),
            TakesText: Shows(Render(), "Wuser"),
            PartRoles: PartRoles(),
            ArgumentsAreText: argumentsAreText,
            NoneForMissing: Shows(RenderJson(template, $"[{User}]", "null"), "Wuser"),
            NullContent: takesObjects && Shows(nullCall, "Wtool", "Wvalue") && Count(nullCall!, "None") == Count(objectCall!, "None"));

        string Call(string content, string arguments) =>
            "{\"role\":\"assistant\",\"content\":" + content
            + ",\"tool_calls\":[{\"id\":\"call00001\",\"type\":\"function\",\"function\":{\"name\":\"Wtool\",\"arguments\":" + arguments + "}}]}";

        // A system message goes before the user's, all others after it.
        string? Render(params ReadOnlySpan<string> messages) =>
            messages.Length == 1 && !messages[0].Contains("\"assistant\"", StringComparison.Ordinal)
                ? RenderJson(template, $"[{messages[0]},{User}]", null)
                : RenderJson(template, $"[{string.Join(',', [User, .. messages])}]", null);

        string? RenderWithTools(string message) => RenderJson(template, $"[{message}]", Tools);

        HashSet<string> PartRoles()
        {
            var roles = new HashSet<string>();
            AddIf("user", RenderJson(template, $$"""[{"role":"user","content":{{Parts}}}]""", null));
            AddIf("system", Render($$"""{"role":"system","content":{{Parts}}}"""));
            AddIf("developer", Render($$"""{"role":"developer","content":{{Parts}}}"""));
            AddIf("assistant", RenderJson(template, $$"""[{{User}},{"role":"assistant","content":{{Parts}}},{{User}}]""", null));
            AddIf("tool", Render(
                Call("\"\"", argumentsAreText ? "\"{}\"" : "{}"), $$"""{"role":"tool","tool_call_id":"call00001","name":"Wtool","content":{{Parts}}}"""));
            return roles;

            void AddIf(string role, string? prompt)
            {
                // A template that prints the list as it is, as Python or JSON, shows the key "text" too.
                bool isPrinted = prompt is not null && (prompt.Contains("'text'", StringComparison.Ordinal) || prompt.Contains("\"text\"", StringComparison.Ordinal));
                if (!isPrinted && Shows(prompt, "Wone", "Wtwo")) roles.Add(role);
            }
        }
    }

    private static string? RenderJson(ChatTemplate template, string messages, string? tools)
    {
        using JsonDocument document = JsonDocument.Parse(messages);
        using JsonDocument? toolDocument = tools is null ? null : JsonDocument.Parse(tools);
        TemplateValue? toolValue = toolDocument is null ? null : TemplateValue.FromJson(toolDocument.RootElement);
        var input = new TemplateInput
        {
            Messages = TemplateValue.FromJson(document.RootElement),
            Tools = toolValue,
            Documents = toolValue == TemplateValue.None ? toolValue : null,
            BosToken = "",
            EosToken = "",
        };
        try
        {
            return template.RenderAsGiven(input, TemplateLimits.ProbeShare).ToString();
        }
        catch (Exception exception) when (exception is TemplateException or TemplateRaisedException)
        {
            return null;
        }
    }

    private static bool Shows(string? prompt, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (prompt is null || !prompt.Contains(word, StringComparison.Ordinal)) return false;
        }
        return true;
    }

    private static int Count(string prompt, string word) => prompt.AsSpan().Count(word);
}
