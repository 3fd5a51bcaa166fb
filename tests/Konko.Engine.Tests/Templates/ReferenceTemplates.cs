using System.Text.Json;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Tests.Templates;

/// <summary>The reference renderings: templates of model publishers, conversations, and what Jinja2 makes of them.</summary>
public static class ReferenceTemplates
{
    private static readonly JsonDocument Document = JsonDocument.Parse(File.ReadAllText(Repository.Reference("chat-templates.json")!));

    public static IReadOnlyList<(string Name, string Source, JsonElement Cases)> All { get; } =
    [
        .. Document.RootElement.GetProperty("templates").EnumerateArray().Select(static template => (
            template.GetProperty("template").GetString()!, template.GetProperty("source").GetString()!, template.GetProperty("cases"))),
    ];

    public static TheoryData<string> Names => [.. All.Select(static template => template.Name)];

    public static IReadOnlyList<(string Name, JsonElement Input)> Inputs { get; } =
        [.. Document.RootElement.GetProperty("inputs").EnumerateObject().Select(static input => (input.Name, input.Value))];

    public static ChatTemplate Parse(string name) => ChatTemplate.Parse(All.Single(template => template.Name == name).Source);

    /// <summary>A conversation as the reference renderings have it.</summary>
    public static TemplateInput Input(JsonElement json) => new()
    {
        Messages = TemplateValue.FromJson(json.GetProperty("messages")),
        Tools = json.TryGetProperty("tools", out JsonElement tools) ? TemplateValue.FromJson(tools) : null,
        AddGenerationPrompt = json.GetProperty("add_generation_prompt").GetBoolean(),
        BosToken = Document.RootElement.GetProperty("bos_token").GetString(),
        EosToken = Document.RootElement.GetProperty("eos_token").GetString(),
        Variables = json.EnumerateObject()
            .Where(static member => member.Name is not ("messages" or "tools" or "add_generation_prompt"))
            .ToDictionary(static member => member.Name, static member => TemplateValue.FromJson(member.Value)),
        Time = new StoppedClock(DateTime.Parse(Document.RootElement.GetProperty("now").GetString()!, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private sealed class StoppedClock(DateTime now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(now, TimeSpan.Zero);
    }
}
