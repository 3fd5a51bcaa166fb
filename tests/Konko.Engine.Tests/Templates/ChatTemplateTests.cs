using System.Text.Json;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Tests.Templates;

public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("a\nb\n{{ 1 +", 3)]
    [InlineData("{% if x %}\n\n", 2)]
    [InlineData("\n\n{% nosuch %}", 3)]
    [InlineData("x\n{{ 'abc }}", 2)]
    [InlineData("{#\n\n", 1)]
    [InlineData("\n{{ )", 2)]
    public void Parse_MalformedTemplate_NamesTheLine(string source, int line)
    {
        TemplateException failure = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source));
        Assert.Equal(line, failure.Line);
        Assert.Contains($"line {line}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n{{ missing.x }}", 2, "'missing' is undefined")]
    [InlineData("{% if true %}\n\n{{ 1 + 'a' }}{% endif %}", 3, "unsupported operand types for +: 'int' and 'str'")]
    [InlineData("{{ 1 | nosuch }}", 1, "there is no filter 'nosuch'")]
    [InlineData("{{ messages.append(1) }}", 1, "'append' would change a list, which a template may not")]
    public void Render_FailingTemplate_NamesLineAndReason(string source, int line, string reason)
    {
        TemplateException failure = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source).RenderAsGiven(Input("[]")));
        Assert.Equal(line, failure.Line);
        Assert.EndsWith(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TemplateRaises_WordsAreUnchanged()
    {
        var refusal = Assert.Throws<TemplateRaisedException>(
            () => ChatTemplate.Parse("{{ raise_exception('No ' + messages[0].role + \"!\\n\") }}").Render(Input("""[{"role":"user","content":""}]""")));
        Assert.Equal("No user!\n", refusal.Message);
    }

    [Fact]
    public void Render_VariableNamedLikeAnArgument_DoesNotReplaceIt()
    {
        TemplateInput input = Input("[]") with
        {
            BosToken = "<s>",
            AddGenerationPrompt = false,
            Variables = new Dictionary<string, TemplateValue>
            {
                ["messages"] = TemplateValue.From("x"),
                ["bos_token"] = TemplateValue.From("x"),
                ["add_generation_prompt"] = TemplateValue.From(true),
                ["raise_exception"] = TemplateValue.None,
                ["enable_thinking"] = TemplateValue.From(false),
            },
        };
        Assert.Equal("[]<s>FalseTrueFalse", ChatTemplate.Parse(
            "{{ messages }}{{ bos_token }}{{ add_generation_prompt }}{{ raise_exception is callable }}{{ enable_thinking }}").RenderAsGiven(input).ToString());
    }

    [Fact]
    public void Render_ManyThreads_SamePrompt()
    {
        ChatTemplate template = ReferenceTemplates.Parse("openai-gpt-oss-120b");
        TemplateInput input = ReferenceTemplates.Input(ReferenceTemplates.Inputs.Single(static input => input.Name == "tool-result").Input);
        string expected = ReferenceTemplates.Parse("openai-gpt-oss-120b").Render(input).ToString();
        Parallel.For(0, 64, _ => Assert.Equal(expected, template.Render(input).ToString()));
    }

    [Theory]
    [InlineData("{\"b\":1,\"a\":2,\"b\":3}", "{\"b\": 3, \"a\": 2}")]
    [InlineData("[1e2, 1.0, -0, 0.1, 12345678901234567890123, 1E400, true, null]", "[100.0, 1.0, 0, 0.1, 12345678901234567890123, Infinity, true, null]")]
    [InlineData("\"\\u00e9\\ud83d\\ude42\\u0000\"", "\"é🙂\\u0000\"")]
    public void FromJson_Value_KeepsOrderAndNumbers(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        TemplateInput input = Input("[]") with { Variables = new Dictionary<string, TemplateValue> { ["v"] = TemplateValue.FromJson(document.RootElement) } };
        Assert.Equal(expected, ChatTemplate.Parse("{{ v | tojson }}").RenderAsGiven(input).ToString());
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\": 1}")]
    public void FromJson_HalfACharacter_Fails(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Throws<TemplateException>(() => TemplateValue.FromJson(document.RootElement));
    }

    [Fact]
    public void FromJson_HugeInteger_Fails()
    {
        using JsonDocument document = JsonDocument.Parse(new string('9', 100_000));
        Assert.Throws<TemplateException>(() => TemplateValue.FromJson(document.RootElement));
    }

    private static TemplateInput Input(string messages)
    {
        using JsonDocument document = JsonDocument.Parse(messages);
        return new TemplateInput { Messages = TemplateValue.FromJson(document.RootElement) };
    }
}
