using System.Text;
using Konko.Engine.Templates;
using Konko.Engine.Tokenizers;
using Konko.Server.Api.Errors;
using Konko.Server.Providers;
using Konko.Server.Providers.Local;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Providers.Local;

public sealed class LocalPromptTests
{
    private const string Plain = "{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}{% if add_generation_prompt %}>{% endif %}";

    [Fact]
    public void Encode_Chat_RendersRolesContentsAndTheOpening()
        => Assert.Equal("[system:be kind][user:hi\nthere]>", Text(Plain, new ChatMessage("system", Content("be kind")), new ChatMessage("user", new MessageContent(["hi", "there"], IsList: true))));

    [Fact]
    public void Encode_TemplateVariables_AreSeen()
    {
        using var document = System.Text.Json.JsonDocument.Parse("{\"enable_thinking\":false}");
        var prompt = new ChatPrompt([new ChatMessage("user", Content("x"))])
        {
            TemplateVariables = new Dictionary<string, System.Text.Json.JsonElement> { ["enable_thinking"] = document.RootElement.GetProperty("enable_thinking") },
        };
        Assert.Null(Prompts("{{ enable_thinking }}").Encode(prompt, addSpecialTokens: true, out List<int> ids));
        Assert.Equal("False", Text(ids));
    }

    [Fact]
    public void Encode_TemplateRaises_IsA400WithItsWords()
    {
        ApiError error = Error("{{ raise_exception('Roles must alternate!') }}");
        Assert.Equal((400, "Roles must alternate!", "messages"), (error.Status, error.Message, error.Param));
    }

    [Fact]
    public void Encode_TemplateFails_IsA400ThatNamesTheLine()
    {
        ApiError error = Error("\n{{ messages[0].content.no_such() }}");
        Assert.Equal(400, error.Status);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_NoTemplate_IsA400()
        => Assert.Contains("/v1/completions", new LocalPrompt(new ByteTokenizer(), null, TimeProvider.System).Encode(Hello(), addSpecialTokens: true, out _)!.Message, StringComparison.Ordinal);

    [Fact]
    public void Encode_TokenBeyondTheVocabulary_IsA400()
    {
        var tokenizer = new ByteTokenizer();
        ApiError error = Prompts(Plain).Encode(new TokenPrompt([1, tokenizer.VocabularySize]), addSpecialTokens: true, out _)!;
        Assert.Equal((400, "prompt"), (error.Status, error.Param));
        Assert.Null(Prompts(Plain).Encode(new TokenPrompt([1, tokenizer.VocabularySize - 1]), addSpecialTokens: true, out List<int> ids));
        Assert.Equal([1, tokenizer.VocabularySize - 1], ids);
    }

    [Fact]
    public void Encode_Suffix_StandsBetweenTheModelsMarks()
    {
        var data = new TokenizerData
        {
            Model = "gpt2",
            Pre = "gpt-2",
            Tokens = ["a", "b", "c", "<s>", "<fim_prefix>", "<fim_suffix>", "<fim_middle>"],
            TokenTypes = [1, 1, 1, 3, 3, 3, 3],
            Merges = [],
            BosId = 3,
            AddBos = true,
        };
        var prompts = new LocalPrompt(Tokenizer.Create(data), null, TimeProvider.System);

        Assert.Null(prompts.Encode(new TextPrompt("ab") { Suffix = "c" }, addSpecialTokens: true, out List<int> ids));
        Assert.Equal([3, 4, 0, 1, 5, 2, 6], ids);
    }

    [Fact]
    public void Encode_SuffixOfAModelThatCannotFillIn_IsA400()
    {
        ApiError error = Prompts(Plain).Encode(new TextPrompt("ab") { Suffix = "c" }, addSpecialTokens: true, out _)!;
        Assert.Equal((400, "suffix"), (error.Status, error.Param));
        Assert.Contains("fill in the middle", error.Message, StringComparison.Ordinal);
    }

    private static ApiError Error(string template) => Prompts(template).Encode(Hello(), addSpecialTokens: true, out _)!;

    private static string Text(string template, params ChatMessage[] messages)
    {
        Assert.Null(Prompts(template).Encode(new ChatPrompt(messages), addSpecialTokens: true, out List<int> ids));
        return Text(ids);
    }

    private static string Text(List<int> ids) => Encoding.UTF8.GetString([.. ids.Select(id => (byte)id)]);

    private static LocalPrompt Prompts(string template) => new(new ByteTokenizer(), ChatTemplate.Parse(template), TimeProvider.System);

    private static ChatPrompt Hello() => new([new ChatMessage("user", Content("hello"))]);

    private static MessageContent Content(string text) => new([text], IsList: false);
}
