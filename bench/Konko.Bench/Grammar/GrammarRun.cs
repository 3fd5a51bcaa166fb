using System.Diagnostics;
using Konko.Engine.Grammar;
using Konko.Engine.Tokenizers;

namespace Konko.Bench.Grammar;

/// <summary>The times of one case.</summary>
/// <param name="grammarCase">The case.</param>
/// <param name="tokenizer">Its texts' tokenizer.</param>
/// <param name="vocabulary">The same, ready for masks.</param>
internal sealed class GrammarRun(GrammarCase grammarCase, Tokenizer tokenizer, GrammarVocabulary vocabulary)
{
    private int _rounds;

    /// <summary>What the table calls it.</summary>
    public string Name => grammarCase.Name;

    /// <summary>Milliseconds of compiling, the very first with the runtime's own compiling.</summary>
    public List<double> Compile { get; } = [];

    /// <summary>Microseconds of each mask that a new grammar is asked for.</summary>
    public List<double> First { get; } = [];

    /// <summary>Microseconds of the same masks, asked for once more.</summary>
    public List<double> Again { get; } = [];

    /// <summary>Where each time of <see cref="First"/> was taken.</summary>
    public List<string> Places { get; } = [];

    /// <summary>Follows the texts with a new grammar.</summary>
    public void Round()
    {
        long start = Stopwatch.GetTimestamp();
        var grammar = new TokenGrammar(grammarCase.Compile(), vocabulary);
        Compile.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        bool isMeasured = _rounds++ > 0;
        foreach (string document in grammarCase.Documents)
        {
            Follow(grammar, document, isMeasured ? First : [], isMeasured ? Places : []);
            Follow(grammar, document, isMeasured ? Again : [], []);
        }
    }

    private void Follow(TokenGrammar grammar, string document, List<double> times, List<string> places)
    {
        ulong[] mask = new ulong[grammar.Vocabulary.MaskWords];
        GrammarState state = grammar.Start;
        string done = "";
        foreach (int token in tokenizer.Encode(document, parseSpecial: false))
        {
            long start = Stopwatch.GetTimestamp();
            state.WriteMask(mask);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            places.Add($"{done[Math.Max(0, done.Length - 60)..]} ‸ {tokenizer.Literal(token)}");

            if ((mask[token >> 6] >> (token & 63) & 1) == 0) throw new InvalidOperationException($"The mask refuses '{tokenizer.Literal(token)}' after '{done}'.");
            done += tokenizer.Literal(token);
            state = state.Accept(token) ?? throw new InvalidOperationException("The token is refused.");
        }
    }
}
