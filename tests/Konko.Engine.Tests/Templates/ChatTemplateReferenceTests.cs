using System.Text.Json;
using Konko.Engine.Templates;

namespace Konko.Engine.Tests.Templates;

/// <summary>Renderings identical to Jinja2's: 22 templates by 11 conversations.</summary>
[Trait("Gate", "reference")]
public sealed class ChatTemplateReferenceTests
{
    private const string RaisedPrefix = "TemplateError: ";

    [Theory]
    [MemberData(nameof(ReferenceTemplates.Names), MemberType = typeof(ReferenceTemplates))]
    public void RenderAsGiven_ReferenceConversations_MatchesJinja(string name)
    {
        ChatTemplate template = ReferenceTemplates.Parse(name);
        JsonElement cases = ReferenceTemplates.All.Single(candidate => candidate.Name == name).Cases;
        Assert.Equal(ReferenceTemplates.Inputs.Count, cases.GetArrayLength());
        foreach (JsonElement expected in cases.EnumerateArray())
        {
            string caseName = expected.GetProperty("case").GetString()!;
            TemplateInput input = ReferenceTemplates.Input(ReferenceTemplates.Inputs.Single(candidate => candidate.Name == caseName).Input);
            if (expected.TryGetProperty("expected", out JsonElement prompt))
                Assert.Equal(prompt.GetString(), template.RenderAsGiven(input).ToString());
            else
                AssertFails(expected.GetProperty("error").GetString()!, () => template.RenderAsGiven(input));
        }
    }

    private static void AssertFails(string error, Action render)
    {
        if (error.StartsWith(RaisedPrefix, StringComparison.Ordinal))
            Assert.Equal(error[RaisedPrefix.Length..], Assert.Throws<TemplateRaisedException>(render).Message);
        else
            Assert.True(Assert.Throws<TemplateException>(render).Line > 0);
    }
}
