using System.Text.Json;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Tests.Templates;

/// <summary>Conversations as clients send them, put into the form that a template takes.</summary>
public sealed class MessageNormalizerTests
{
    private const string Text = "{% for m in messages %}<{{ m.role }}>{{ m.content + '' }}{% endfor %}";
    private const string Parts = "{% for m in messages %}<{{ m.role }}>{% for p in m.content %}{{ p.text + ';' }}{% endfor %}{% endfor %}";
    private const string Either = "{% for m in messages %}<{{ m.role }}>{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}{{ p.text }};{% endfor %}{% endif %}{% endfor %}";
    private const string TwoParts = """[{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}]""";

    private const string Calls =
        "{% for m in messages %}<{{ m.role }}>{{ m.content if m.content is not none }}{% for c in m.tool_calls or [] %}{{ c.function.name }}({{ c.function.arguments | tojson }}){% endfor %}{% endfor %}";

    [Theory]
    [InlineData(Text, "<user>one\ntwo")]
    [InlineData(Parts, "<user>one;two;")]
    [InlineData(Either, "<user>one;two;")]
    [InlineData("{{ messages[0].content | tojson }}", "\"one\\ntwo\"")]
    [InlineData("{{ messages[0].content[0].text if messages[0].content is not string else messages[0].content }}", "one\ntwo")]
    public void Render_ContentParts_BecomeWhatTheTemplateTakes(string template, string expected) =>
        Assert.Equal(expected, Render(template, TwoParts));

    [Theory]
    [InlineData(Text, "<user>hi")]
    [InlineData(Parts, "<user>hi;")]
    [InlineData(Either, "<user>hi")]
    public void Render_ContentString_BecomesWhatTheTemplateTakes(string template, string expected) =>
        Assert.Equal(expected, Render(template, """[{"role":"user","content":"hi"}]"""));

    [Fact]
    public void Render_PartThatIsNotText_IsLeftToTheTemplate() => Assert.Throws<TemplateException>(
        () => Render(Text, """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]"""));

    [Theory]
    [InlineData("\"{\\\"a\\\": [1, 2.50]}\"", "f({\"a\": [1, 2.5]})")]
    [InlineData("{\"a\": 1}", "f({\"a\": 1})")]
    [InlineData("\"\"", "f({})")]
    [InlineData("\"not json\"", "f(\"not json\")")]
    [InlineData("\"[1]\"", "f(\"[1]\")")]
    public void Render_Arguments_BecomeObjects(string arguments, string expected) => Assert.Equal(
        "<user>hi<assistant>" + expected,
        Render(Calls, $$$"""[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"type":"function","function":{"name":"f","arguments":{{{arguments}}}}}]}]"""));

    [Fact]
    public void Render_TemplateNeedsTextArguments_ObjectsBecomeText()
    {
        const string Template = "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls or [] %}{{ c.function.name + c.function.arguments }}{% endfor %}{% endfor %}";
        Assert.Equal("f{\"a\": \"é\"}", Render(Template, """[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":"é"}}}]}]"""));
    }

    [Fact]
    public void Render_NullMembersAndEmptyCalls_AreLeftOut() => Assert.Equal(
        "['role', 'content']",
        Render("{{ messages[0] | list }}", """[{"role":"assistant","content":"x","tool_calls":[],"refusal":null,"audio":null}]"""));

    [Theory]
    [InlineData("{% for m in messages %}{{ m.content }}{% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% endfor %}{% endfor %}")]
    [InlineData("{% for m in messages %}{% if m.content is not none %}{{ m.content + '' }}{% endif %}{% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% endfor %}{% endfor %}")]
    public void Render_CallWithoutContent_PrintsNoNone(string template)
    {
        foreach (string content in new[] { "", "\"content\":null," })
            Assert.Equal("f{}", Render(template, $$$"""[{"role":"assistant",{{{content}}}"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}]"""));
    }

    [Theory]
    [InlineData(Text, "<system>brief")]
    [InlineData("{# knows developer #}" + Text, "<developer>brief")]
    public void Render_DeveloperMessage_TakesARoleThatTheTemplateKnows(string template, string expected) =>
        Assert.Equal(expected, Render(template, """[{"role":"developer","content":"brief"}]"""));

    [Theory]
    [InlineData("{{ messages[0].content }}{{ tools is none }}{{ tools is defined }}", "hiTrueTrue")]
    [InlineData("{{ messages[0].content }}{% for t in tools %}{% endfor %}{{ tools is defined }}", "hiFalse")]
    public void Render_NoTools_AreNoneWhereTheTemplateTakesIt(string template, string expected) =>
        Assert.Equal(expected, Render(template, """[{"role":"user","content":"hi"}]"""));

    [Fact]
    public void Capabilities_PublishedTemplates_AreFound()
    {
        ChatTemplate qwen = ReferenceTemplates.Parse("Qwen-Qwen3-0.6B");
        Assert.Equal((true, true, true, false), (qwen.SupportsTools, qwen.SupportsToolCalls, qwen.SupportsSystemRole, qwen.SupportsContentParts));
        ChatTemplate gemma2 = ReferenceTemplates.Parse("google-gemma-2-2b-it");
        Assert.Equal((false, false, false, false), (gemma2.SupportsTools, gemma2.SupportsToolCalls, gemma2.SupportsSystemRole, gemma2.SupportsContentParts));
        ChatTemplate gemma4 = ReferenceTemplates.Parse("google-gemma-4-31B-it");
        Assert.Equal((true, true, true, true), (gemma4.SupportsTools, gemma4.SupportsToolCalls, gemma4.SupportsSystemRole, gemma4.SupportsContentParts));
    }

    [Theory]
    [MemberData(nameof(ReferenceTemplates.Names), MemberType = typeof(ReferenceTemplates))]
    public void Render_TwoParts_BothShowInEveryPublishedTemplate(string name)
    {
        TemplateInput input = ReferenceTemplates.Input(ReferenceTemplates.Inputs.Single(static input => input.Name == "content-parts").Input);
        string prompt = ReferenceTemplates.Parse(name).Render(input).ToString();
        Assert.Contains("Part one.", prompt, StringComparison.Ordinal);
        Assert.Contains("Part two.", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("'text'", prompt, StringComparison.Ordinal);
    }

    private static string Render(string template, string messages)
    {
        using JsonDocument document = JsonDocument.Parse(messages);
        return ChatTemplate.Parse(template).Render(new TemplateInput { Messages = TemplateValue.FromJson(document.RootElement) }).ToString();
    }
}
