using System.Text.Json;
using Konko.Engine.Tokenizers.PreTokenizers;
using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tests.Tokenizers.PreTokenizers;

public sealed class PreTokenizerTests
{
    /// <summary>
    /// words.json: what Python's regex package makes of the publishers' own expressions, one after the other on the
    /// pieces of the one before.
    /// </summary>
    [Fact]
    public void Split_EveryKind_CutsAsThePublishersExpressions()
    {
        using JsonDocument kinds = JsonDocument.Parse(File.ReadAllText(Repository.Reference("tokenizers", "words.json")!));
        int compared = 0;
        foreach (JsonProperty kind in kinds.RootElement.EnumerateObject())
        {
            PreTokenizer preTokenizer = PreTokenizerNames.Find(kind.Name)!;
            foreach (JsonElement one in kind.Value.EnumerateArray())
            {
                string text = one.GetProperty("text").GetString()!;
                string[] words = [.. one.GetProperty("words").EnumerateArray().Select(word => word.GetString()!)];
                Assert.Equal([kind.Name, .. words], [kind.Name, .. Words(preTokenizer, text)]);
                compared++;
            }
        }
        Assert.True(compared > 500);
    }

    [Fact]
    public void Split_AnyText_CoversItWithoutEmptyWords()
    {
        var random = new Random(1);
        foreach (string name in PreTokenizerNames.All)
        {
            for (int i = 0; i < GateScale.Of(100, 10_000); i++)
            {
                string text = RandomText.Next(random);
                string[] words = Words(PreTokenizerNames.Find(name)!, text);
                Assert.Equal(text, string.Concat(words));
                Assert.DoesNotContain("", words);
            }
        }
    }

    [Theory]
    [InlineData("llama-bpe", "llama3")]
    [InlineData("llama-bpe", "llama-v3")]
    [InlineData("smaug-bpe", "dbrx")]
    [InlineData("qwen2", "deepseek-r1-qwen")]
    [InlineData("smollm", "starcoder")]
    [InlineData("smollm", "refact")]
    [InlineData("smollm", "command-r")]
    [InlineData("gpt-2", "mpt")]
    [InlineData("gpt-2", "olmo")]
    [InlineData("gpt-4o", "llama4")]
    public void Find_Alias_IsTheSamePreTokenizer(string name, string alias) =>
        Assert.Same(PreTokenizerNames.Find(name), PreTokenizerNames.Find(alias));

    [Fact]
    public void Find_UnknownName_IsNull() => Assert.Null(PreTokenizerNames.Find("gpt-5"));

    private static string[] Words(PreTokenizer preTokenizer, string text)
    {
        var buffer = new CodePointBuffer();
        buffer.Load(text);
        List<int> ends = [];
        preTokenizer.Split(buffer.Text, ends, []);
        return [.. ends.Select((end, i) => text[buffer.Offset(i == 0 ? 0 : ends[i - 1])..buffer.Offset(end)])];
    }
}
