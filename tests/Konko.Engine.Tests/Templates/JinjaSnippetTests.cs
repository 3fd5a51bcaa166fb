using System.Globalization;
using System.Text;
using System.Text.Json;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Tests.Templates;

/// <summary>The dialect piece by piece: short templates and what Jinja2 makes of them.</summary>
public sealed class JinjaSnippetTests
{
    [Fact]
    public void RenderAsGiven_Snippets_MatchJinja()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Reference("jinja-snippets.json")!));
        Dictionary<string, TemplateValue> variables = document.RootElement.GetProperty("variables").EnumerateObject()
            .ToDictionary(static member => member.Name, static member => TemplateValue.FromJson(member.Value));
        var input = ReferenceTemplates.Input(ReferenceTemplates.Inputs[0].Input) with { Variables = variables };
        var report = new StringBuilder();
        int count = 0;
        foreach (JsonElement snippet in document.RootElement.GetProperty("snippets").EnumerateArray())
        {
            count++;
            string template = snippet.GetProperty("template").GetString()!;
            string? expected = snippet.TryGetProperty("expected", out JsonElement text) ? text.GetString() : null;
            string? actual = Render(template, input, out string error);
            if (expected == actual) continue;
            report.AppendLine(CultureInfo.InvariantCulture, $"template: {template}\n  Jinja2: {expected ?? snippet.GetProperty("error").GetString()}\n  Konko:  {actual ?? error}");
        }
        Assert.True(count > 200);
        Assert.True(report.Length == 0, report.ToString());
    }

    private static string? Render(string template, TemplateInput input, out string error)
    {
        error = "";
        try
        {
            return ChatTemplate.Parse(template).RenderAsGiven(input).ToString();
        }
        catch (Exception exception) when (exception is TemplateException or TemplateRaisedException)
        {
            error = exception.Message;
            return null;
        }
    }
}
