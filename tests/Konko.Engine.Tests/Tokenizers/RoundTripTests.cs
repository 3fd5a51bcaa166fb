using System.Text;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

[Trait("Gate", "round-trips")]
public sealed class RoundTripTests
{
    [Theory]
    [MemberData(nameof(Vocabularies.Lossless), MemberType = typeof(Vocabularies))]
    public void Decode_OfEncode_IsTheText(string name)
    {
        Tokenizer tokenizer = Vocabularies.Load(name);
        var random = new Random(21);
        for (int round = 0; round < GateScale.Of(1_000, 100_000); round++)
        {
            string text = RandomText.Next(random);
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, parseSpecial: false)));
        }
    }

    [Theory]
    [InlineData("smollm2")]
    [InlineData("starcoder")]
    public void Decode_OfEncodeWithoutSomeBytes_IsTheTextOfTheOthers(string name)
    {
        Tokenizer tokenizer = Vocabularies.Load(name);
        var random = new Random(24);
        var has = new bool[256];
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.Bytes(id) is [byte only]) has[only] = true;
        }
        Assert.Contains(false, has);
        for (int round = 0; round < GateScale.Of(1_000, 100_000); round++)
        {
            string text = RandomText.Next(random);
            byte[] kept = [.. Encoding.UTF8.GetBytes(text).Where(b => has[b])];
            Assert.Equal(Encoding.UTF8.GetString(kept), tokenizer.Decode(tokenizer.Encode(text, parseSpecial: false)));
        }
    }

    [Fact]
    public void Encode_OfDecodeByWordPiece_IsTheSameIds()
    {
        // WordPiece keeps no white space, case or accents; what it kept it must find again.
        Tokenizer tokenizer = Vocabularies.Load("bert-bge");
        var random = new Random(25);
        int compared = 0, count = GateScale.Of(1_000, 100_000);
        for (int round = 0; round < count; round++)
        {
            List<int> ids = tokenizer.Encode(RandomText.Next(random), parseSpecial: false);
            ids.RemoveAll(tokenizer.IsSpecial);
            // A word that goes on after an unknown one has lost its beginning.
            if (ids.Count > 0 && tokenizer.Bytes(ids[0]) is not [(byte)' ', ..]) continue;
            string text = tokenizer.Decode(ids);
            Assert.Equal(ids, tokenizer.Encode(text, parseSpecial: false));
            compared++;
        }
        Assert.True(compared > count / 2, $"{compared} of {count}");
    }

    [Theory]
    [MemberData(nameof(Vocabularies.All), MemberType = typeof(Vocabularies))]
    public void Append_RandomIds_AddsUpToDecodeAndToTheirBytes(string name)
    {
        Tokenizer tokenizer = Vocabularies.Load(name);
        int[] shortest = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => tokenizer.Bytes(id).Length == 1)];
        var random = new Random(22);
        for (int round = 0; round < GateScale.Of(500, 50_000); round++)
        {
            // Single bytes make up most of it, since whole tokens are seldom half a character.
            int[] ids = [.. Enumerable.Range(0, random.Next(30))
                .Select(_ => shortest.Length > 0 && random.Next(4) > 0 ? shortest[random.Next(shortest.Length)] : random.Next(tokenizer.VocabularySize))];
            byte[] bytes = [.. ids.SelectMany(id => tokenizer.Bytes(id).ToArray())];
            var detokenizer = new IncrementalDetokenizer(tokenizer, continues: true);
            var text = new StringBuilder();
            foreach (int id in ids)
            {
                string increment = detokenizer.Append(id);
                Assert.True(Rune.DecodeLastFromUtf16(increment, out _, out _) is not System.Buffers.OperationStatus.NeedMoreData || increment == "");
                text.Append(increment);
            }
            text.Append(detokenizer.Flush());

            Assert.Equal(tokenizer.Decode(ids, continues: true), text.ToString());
            Assert.Equal(Encoding.UTF8.GetString(bytes), text.ToString());
        }
    }

    [Fact]
    public void Encode_ManyThreads_GivesTheSameAsOne()
    {
        Tokenizer shared = Vocabularies.Load("smollm2");
        var random = new Random(23);
        string[] texts = [.. Enumerable.Range(0, 200).Select(_ => RandomText.Next(random))];
        List<int>[] alone = [.. texts.Select(text => shared.Encode(text, parseSpecial: true))];
        Parallel.For(0, 4_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            Assert.Equal(alone[i % texts.Length], shared.Encode(texts[i % texts.Length], parseSpecial: true)));
    }

    [Fact]
    public void Encode_LoneSurrogates_ReadAsReplacementCharacters()
    {
        Tokenizer bytePair = Tokenizer.Create(TestVocabulary.BytePair), sentencePiece = Tokenizer.Create(TestVocabulary.SentencePiece);
        Assert.Equal("a\uFFFDb\uFFFD", bytePair.Decode(bytePair.Encode("a\uD83Db\uDE42", parseSpecial: false)));
        Assert.Equal("a\uFFFDb\uFFFD", sentencePiece.Decode(sentencePiece.Encode("a\uD83Db\uDE42", parseSpecial: false)));
    }

    [Fact]
    public void Encode_CharacterSplitOverTwoPieces_IsOneCharacter()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.BytePair);
        var prompt = new PromptText([new PromptPiece("\uD83D", Trusted: true), new PromptPiece("\uDE42", Trusted: false)]);
        Assert.Equal("🙂", tokenizer.Decode(tokenizer.Encode(prompt)));
    }
}
