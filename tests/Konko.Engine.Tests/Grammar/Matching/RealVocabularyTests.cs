using System.Text;
using Konko.Engine.Grammar;
using Konko.Engine.Tests.Grammar.Schema;
using Konko.Engine.Tests.Tokenizers;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Grammar.Matching;

public sealed class RealVocabularyTests
{
    private const string Schema = """
        {"type":"object","properties":{"description":{"type":"string"},"temperature":{"type":"number"},"is_active":{"type":"boolean"},"address":{"type":"object","properties":{"street_name":{"type":"string","maxLength":40}},"required":["street_name"],"additionalProperties":false},
        "kind":{"enum":["conversation.created","conversation.deleted"]}},"required":["description","temperature","is_active","address","kind"],"additionalProperties":false}
        """;

    private static readonly Lazy<GrammarVocabulary> s_vocabulary = new(() => GrammarVocabulary.Create(Vocabularies.Load("smollm2")));

    private static readonly string[] s_documents =
    [
        """{"description": "A quiet \"village\" by the sea, 東京 😀.", "temperature": -12.5, "is_active": true, "address": {"street_name": "Rue de l'Été 5"}, "kind": "conversation.created"}""",
        """{"description":"","temperature":3e+10,"is_active":false,"address":{"street_name":"x"},"kind":"conversation.deleted"}""",
    ];

    /// <summary>A text in the tokenizer's own tokens passes, and where tokens are forced they are those.</summary>
    [Theory]
    [InlineData("smollm2")]
    [InlineData("llama-bpe")]
    [InlineData("qwen2")]
    [InlineData("llama-spm")]
    public void WriteMask_TokensOfATokenizer_AreAllowed(string name)
    {
        Tokenizer tokenizer = Vocabularies.Load(name);
        var grammar = new TokenGrammar(GrammarText.Schema(Schema), GrammarVocabulary.Create(tokenizer));
        ulong[] mask = new ulong[grammar.Vocabulary.MaskWords];
        int forced = 0;
        foreach (string document in s_documents)
        {
            GrammarState state = grammar.Start;
            foreach (int token in tokenizer.Encode(document, parseSpecial: false))
            {
                // The blank that SentencePiece puts before a text is no part of it.
                if (ReferenceEquals(state, grammar.Start) && tokenizer.Bytes(token)[0] == ' ')
                {
                    state = state.Accept(tokenizer.Bytes(token)[1..])!;
                    continue;
                }

                state.WriteMask(mask);
                Assert.True((mask[token >> 6] >> (token & 63) & 1) != 0, $"{tokenizer.Literal(token)} of {document}");
                if (state.ForcedTokens is [int first, ..])
                {
                    forced++;
                    Assert.Equal(tokenizer.Literal(token), tokenizer.Literal(first));
                }

                state = state.Accept(token)!;
            }

            Assert.True(state.IsFinished);
            state.WriteMask(mask);
            int[] allowed = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(token => (mask[token >> 6] >> (token & 63) & 1) != 0)];
            Assert.Equal(tokenizer.EndOfGeneration, allowed);
        }

        if (name != "llama-spm") Assert.True(forced > 4, $"{forced} forced tokens");
    }

    public static TheoryData<string> Grammars =>
    [
        """{"type":"string","pattern":"^[^<>]*$","maxLength":40}""",
        """{"type":"string","pattern":"^[A-Za-z '-]{1,30}$"}""",
        """{"type":"string","pattern":"^[A-Z].*[.!?]$"}""",
        """{"type":"array","items":{"type":"string","pattern":"^[a-z0-9]+(-[a-z0-9]+)*$"}}""",
        """{"type":"array","items":{"type":"string","minLength":2,"maxLength":12}}""",
        """{"type":"array","items":{"type":["integer","string"],"pattern":"^\\D+$","minimum":0}}""",
        @"/[^\n]{1,50}\n(\w+ ?)*[.]",
        @"/[^\n]{1,400}\n",
        """{"type":"array","items":{"type":"string","pattern":"^[^<>]*$","maxLength":500}}""",
        @"/(a|[^\u2028x]{3,9}|\s+b)*",
        """
        root ::= (item "\n")+
        item ::= "- " word (" " word)* (": " number)?
        word ::= [a-zA-Z]+ [,.]?
        number ::= "-"? [0-9]+ ("." [0-9]+)?
        """,
        """
        root ::= "x" text{0,3} | [^a]{2,300}
        text ::= "<" [^<>]* ">" | " " [a-zé]+
        """,
    ];

    /// <summary>What is known of a mask without a walk is what trying each token gives.</summary>
    [Theory]
    [MemberData(nameof(Grammars))]
    public void WriteMask_WholeVocabulary_AllowsWhatIsAccepted(string source)
    {
        GrammarVocabulary vocabulary = s_vocabulary.Value;
        CompiledGrammar compiled = source[0] switch
        {
            '/' => CompiledGrammar.OfRegex(source[1..]),
            'r' => CompiledGrammar.OfGbnf(source),
            _ => GrammarText.Schema(source),
        };
        var random = new Random(source.Length);
        ulong[] mask = new ulong[vocabulary.MaskWords];
        GrammarState start = new TokenGrammar(compiled, vocabulary).Start, state = start;
        for (int step = 0; step < 14; step++)
        {
            state.WriteMask(mask);
            var allowed = new List<int>();
            for (int token = 0; token < vocabulary.Size; token++)
            {
                bool isAllowed = (mask[token >> 6] >> (token & 63) & 1) != 0;
                if (isAllowed != state.Accept(token) is not null) Assert.Fail($"{Encoding.UTF8.GetString(vocabulary.Trie.Bytes(token))} is {(isAllowed ? "" : "not ")}allowed in step {step}");
                if (isAllowed) allowed.Add(token);
            }

            state = state.Accept(allowed[random.Next(allowed.Count)])!;
            if (state.IsFinished) state = start;
        }
    }

    /// <summary>Walks over a whole vocabulary, with all its odd tokens.</summary>
    [Fact]
    [Trait("Gate", "schemas")]
    public void WriteMask_WalksOverAVocabulary_EndInValidDocuments()
    {
        Tokenizer tokenizer = Vocabularies.Load("smollm2");
        GrammarVocabulary vocabulary = GrammarVocabulary.Create(tokenizer);
        ulong[] mask = new ulong[vocabulary.MaskWords];
        var random = new Random(8);
        for (int i = 0; i < GateScale.Of(20, 400); i++)
        {
            RandomSchema schema = RandomSchema.Make(random, 3);
            var validator = new IndependentValidator(schema.Json);
            GrammarState state = new TokenGrammar(GrammarText.Schema(schema.Json), vocabulary).Start;
            var bytes = new List<byte>();
            for (int step = 0; step < 40 && !state.IsFinished; step++)
            {
                state.WriteMask(mask);
                int[] allowed = [.. Enumerable.Range(0, vocabulary.Size).Where(token => (mask[token >> 6] >> (token & 63) & 1) != 0 && !tokenizer.EndOfGeneration.Contains(token))];
                if (allowed.Length == 0) break;
                int token = allowed[random.Next(allowed.Length)];
                bytes.AddRange(tokenizer.Bytes(token));
                state = state.Accept(token)!;
            }

            while (!state.IsAccepting)
            {
                byte nearest = Enumerable.Range(0, 256).Select(value => (byte)value).MinBy(value => state.Accept([value])?.Distance ?? int.MaxValue);
                bytes.Add(nearest);
                state = state.Accept([nearest])!;
            }

            string document = Encoding.UTF8.GetString([.. bytes]);
            Assert.True(validator.IsValid(document), $"{schema.Json}\n{document}");
        }
    }
}
