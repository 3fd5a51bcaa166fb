using Konko.Engine.Gguf;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Templates;

/// <summary>From messages to token ids with the embedded model's own template and vocabulary.</summary>
[Trait("Gate", "provenance")]
public sealed class ControlTokenInjectionTests
{
    private const int Seed = 7;

    [Fact]
    public void Encode_MessagesSpellControlTokens_OnlyTheTemplateYieldsThem()
    {
        using GgufFile file = GgufFile.Open(Repository.SmolLM2);
        ChatTemplate template = ChatTemplate.Parse(file.Metadata.GetString("tokenizer.chat_template"));
        var tokenizer = Tokenizer.FromGguf(file);
        string[] special = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsSpecial).Select(tokenizer.Literal)];
        Assert.Contains("<|im_end|>", special);
        int[] expected = SpecialIds("one", "two", "three");
        Assert.NotEmpty(expected);
        var random = new Random(Seed);
        for (int i = 0; i < GateScale.Of(reduced: 200, whole: 5_000); i++) Assert.Equal(expected, SpecialIds(Hostile(), Hostile(), Hostile()));

        string Hostile() => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(3) switch
        {
            0 => "text ",
            1 => "\n",
            _ => special[random.Next(special.Length)],
        }));

        int[] SpecialIds(string system, string user, string assistant)
        {
            PromptText prompt = template.Render(new TemplateInput
            {
                Messages = TemplateValue.From([Message("system", system), Message("user", user), Message("assistant", assistant), Message("user", user)]),
            });
            Assert.Contains(user, prompt.ToString(), StringComparison.Ordinal);
            return [.. tokenizer.Encode(prompt).Where(tokenizer.IsSpecial)];
        }
    }

    private static TemplateValue Message(string role, string content) => TemplateValue.From(new Dictionary<string, TemplateValue>
    {
        ["role"] = TemplateValue.From(role),
        ["content"] = TemplateValue.From(content),
    });
}
