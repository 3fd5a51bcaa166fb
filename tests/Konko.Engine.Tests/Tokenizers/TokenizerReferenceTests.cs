using System.Text.Json;
using Konko.Engine.Gguf;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

[Trait("Gate", "reference")]
public sealed class TokenizerReferenceTests
{
    [Theory]
    [MemberData(nameof(Vocabularies.All), MemberType = typeof(Vocabularies))]
    public void Encode_ReferenceTexts_GivesTheReferenceTokens(string name)
    {
        Tokenizer tokenizer = Vocabularies.Load(name);
        string path = Repository.Reference("tokenizers", name + ".json")!;
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(path));
        var wrong = new List<string>();
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            string text = one.GetProperty("text").GetString()!;
            int[] parsed = Ids(one.GetProperty("tokens"));
            int[] plain = one.TryGetProperty("tokens_plain", out JsonElement given) ? Ids(given) : parsed;
            Compare(text, parsed, parseSpecial: true);
            Compare(text, plain, parseSpecial: false);
        }
        Assert.True(cases.RootElement.GetArrayLength() > 30);
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong)}");

        void Compare(string text, int[] expected, bool parseSpecial)
        {
            List<int> actual = tokenizer.Encode(text, parseSpecial);
            if (actual.SequenceEqual(expected)) return;
            wrong.Add($"{JsonSerializer.Serialize(text)} special {parseSpecial}\n  expected {string.Join(' ', expected)}\n  actual   {string.Join(' ', actual)}");
        }
    }

    [Fact]
    public void Encode_TextsOfTinyModels_GivesTheReferenceTokens()
    {
        using JsonDocument models = JsonDocument.Parse(File.ReadAllText(Repository.Reference("tiny", "reference.json")!));
        int compared = 0;
        foreach (JsonProperty model in models.RootElement.EnumerateObject())
        {
            string? path = Repository.Reference("tiny", model.Name + ".gguf");
            if (path is null) continue;
            using GgufFile file = GgufFile.Open(path);
            Tokenizer tokenizer = Tokenizer.FromGguf(file);
            foreach (JsonElement one in model.Value.EnumerateArray())
            {
                Assert.Equal(Ids(one.GetProperty("tokens")), tokenizer.Encode(one.GetProperty("text").GetString()!, parseSpecial: true));
                compared++;
            }
        }
        Assert.True(compared > 0);
    }

    [Fact]
    public void Enclose_MiniLM_GivesTheReferenceTokens()
    {
        string? path = Repository.Reference("minilm-embeddings.json");
        Assert.SkipWhen(path is null, "The reference embeddings are not there.");
        using GgufFile file = GgufFile.Open(Repository.File("models", "all-MiniLM-L6-v2.Q8_0.gguf"));
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(path!));
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            int[] expected = Ids(one.GetProperty("tokens"));
            List<int> ids = tokenizer.Encode(one.GetProperty("text").GetString()!, parseSpecial: false);
            if (ids.Count > 254) ids.RemoveRange(254, ids.Count - 254);
            Assert.Equal(expected, tokenizer.Enclose(ids));
        }
    }

    private static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];
}
