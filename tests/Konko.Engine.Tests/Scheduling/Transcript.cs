using System.Globalization;
using System.Text;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>What came out of a request: all that must be the same however it was run, to the bit, and some that need not.</summary>
internal sealed class Transcript
{
    private readonly StringBuilder[] _choices;
    private readonly StringBuilder _scores = new();

    public Transcript(int choices)
    {
        _choices = [.. Enumerable.Range(0, choices).Select(_ => new StringBuilder())];
    }

    public bool Started { get; private set; }

    public int CachedTokens { get; private set; }

    public int Tokens { get; private set; }

    public string Scores => _scores.ToString();

    public string Choice(int choice) => _choices[choice].ToString();

    public void Add(GenerationOutput output)
    {
        switch (output)
        {
            case GenerationStarted started:
                Assert.False(Started, "A request starts once.");
                Started = true;
                CachedTokens = started.CachedTokens;
                break;
            case PromptScored scored:
                Assert.True(Started && Tokens == 0 && _scores.Length == 0, "The prompt is scored once, before the first token.");
                foreach (TokenLogProbs? score in scored.Tokens)
                {
                    _scores.Append(CultureInfo.InvariantCulture, $"{score?.Token.Id}:{Bits(score?.Token.LogProb)}/{score?.Top.Count} ");
                }

                break;
            case TokenGenerated generated:
                Assert.True(Started);
                Tokens++;
                StringBuilder choice = _choices[generated.Choice];
                Assert.False(choice.Length > 0 && choice[^1] == '.', "Nothing comes after a choice's end.");
                choice.Append(CultureInfo.InvariantCulture, $"{generated.Token.Id}:{Bits(generated.Token.LogProb)} ");
                if (generated.End is { } end) choice.Append(end).Append('.');
                break;
        }
    }

    public override string ToString() => $"{Scores}|{string.Join('|', (object[])_choices)}";

    private static string Bits(float? value) => value is { } v ? BitConverter.SingleToUInt32Bits(v).ToString("x8", CultureInfo.InvariantCulture) : "";
}
