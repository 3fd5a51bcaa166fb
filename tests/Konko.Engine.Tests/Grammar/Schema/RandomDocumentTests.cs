using System.Text;
using Konko.Engine.Grammar;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Tests.Grammar.Matching;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>Random schemas, followed from both sides: valid documents are accepted, and whatever the masks lead to is valid.</summary>
public sealed class RandomDocumentTests
{
    private const int DocumentsOfASchema = 10;

    [Fact]
    [Trait("Gate", "schemas")]
    public void Accept_ValidDocuments_RefusesNone()
    {
        int count = GateScale.Of(1_000, 10_000), refused = 0;
        var random = new Random(1);
        for (int i = 0; i < count / DocumentsOfASchema; i++)
        {
            RandomSchema schema = RandomSchema.Make(random, 4);
            PushdownAutomaton automaton = GrammarText.Automaton(GrammarText.Schema(schema.Json));
            var validator = new IndependentValidator(schema.Json);
            for (int j = 0; j < DocumentsOfASchema; j++)
            {
                string document = schema.Document(random);
                Assert.True(validator.IsValid(document), $"The generator is wrong:\n{schema.Json}\n{document}");
                automaton.BeginWork();
                if (GrammarText.Accepts(automaton, Encoding.UTF8.GetBytes(document))) continue;
                refused++;
                TestContext.Current.TestOutputHelper?.WriteLine($"refused:\n{schema.Json}\n{document}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} valid documents, {refused} refused");
        Assert.Equal(0, refused);
    }

    [Fact]
    [Trait("Gate", "schemas")]
    public void Mask_RandomWalks_EndInValidDocuments()
    {
        int count = GateScale.Of(1_000, 10_000), differing = 0;
        var random = new Random(2);
        for (int i = 0; i < count / DocumentsOfASchema; i++)
        {
            RandomSchema schema = RandomSchema.Make(random, 4);
            var grammar = new TokenGrammar(GrammarText.Schema(schema.Json), SmallVocabulary.Instance);
            var validator = new IndependentValidator(schema.Json);
            for (int j = 0; j < DocumentsOfASchema; j++)
            {
                string document = RandomWalk.Take(grammar, random, random.Next(1, 60));
                Assert.True(validator.IsValid(document), $"{schema.Json}\n{document}");
            }

            differing += validator.Differing;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} random walks, all valid; of {differing} the validator alone would have said something else");
        Assert.InRange(differing, 0, count / 2);
    }
}
