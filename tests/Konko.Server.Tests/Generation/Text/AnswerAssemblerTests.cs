using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Generation;
using Konko.Server.Generation.Text;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Generation.Text;

public sealed class AnswerAssemblerTests
{
    private static readonly int s_the = ByteTokenizer.Word(" the");

    [Fact]
    public void Take_HalfCharacter_WaitsForItsRest()
    {
        List<ChoiceAdvanced> events = Run(Request(), (0xE6, null), (0x97, null), (0xA5, null), (ByteTokenizer.Eos, EndReason.EndOfGeneration));
        Assert.Equal(["", "", "日", ""], events.Select(e => e.Content));
        Assert.Equal(["", "", "日", "<|end|>"], events.Select(e => e.Token!.Text));
        Assert.Equal("日", events[^1].End!.GeneratedText);
        Assert.Equal(new TokenUsage(3, 4, 2), events[^1].Usage);
    }

    [Fact]
    public void Take_LengthWithinACharacter_ShowsTheReplacementCharacter()
    {
        List<ChoiceAdvanced> events = Run(Request(), (s_the, null), (0xE6, EndReason.Length));
        Assert.Equal([" the", "\uFFFD"], events.Select(e => e.Content));
        Assert.Equal("length", events[^1].End!.FinishReason);
    }

    [Fact]
    public void Take_StopAcrossTokens_EndsWithTheTokenThatCompletesIt()
    {
        List<ChoiceAdvanced> events = Run(Request(stop: ["ENDE"]), (s_the, null), (Word("E"), null), (Word("N"), null), (Word("D"), null), (Word("E"), null), (s_the, null));
        Assert.Equal([" the", "", "", "", ""], events.Select(e => e.Content));
        Assert.Equal(["E", "N", "D", "E"], events.Skip(1).Select(e => e.Token!.Text));
        Assert.Equal((FinishDetail.StopSequence, "stop", " the", 5), (events[^1].End!.Reason, events[^1].End!.FinishReason, events[^1].End!.GeneratedText, events[^1].End!.GeneratedTokens));
        Assert.Equal(5, events[^1].Usage!.CompletionTokens);
    }

    [Theory]
    [InlineData(EndReason.Length, FinishDetail.StopSequence)]
    [InlineData(null, FinishDetail.StopSequence)]
    public void Take_StopOnTheLastAllowedToken_BeatsLength(EndReason? end, FinishDetail reason)
        => Assert.Equal(reason, Run(Request(stop: ["STOP"]), (Word("STOP"), end))[^1].End!.Reason);

    [Fact]
    public void Take_EndWhileTextIsHeld_ReleasesIt()
    {
        Assert.Equal(["", "E"], Run(Request(stop: ["END"]), (Word("E"), null), (ByteTokenizer.Eos, EndReason.EndOfGeneration)).Select(e => e.Content));
        Assert.Equal(["", "EN"], Run(Request(stop: ["END"]), (Word("E"), null), (Word("N"), EndReason.Length)).Select(e => e.Content));
    }

    [Fact]
    public void Take_StopBeforeMinTokens_IsText()
    {
        List<ChoiceAdvanced> events = Run(Request(stop: ["a"], minTokens: 2), (Word("a"), null), (Word("a"), null), (Word("a"), null));
        Assert.Equal("aa", events[^1].End!.GeneratedText);
        Assert.Equal(3, events.Count);
    }

    [Fact]
    public void Take_SpecialToken_ShowsItsLiteralAndNoText()
    {
        ChoiceAdvanced first = Run(Request(), (ByteTokenizer.Special, null), (s_the, EndReason.Length))[0];
        Assert.Equal((new GeneratedToken(ByteTokenizer.Special, "<|mark|>", -0.5f, true), ""), (first.Token, first.Content));
    }

    [Fact]
    public void Take_EndToken_HasNoEntryAmongLogProbs()
    {
        var assembler = new AnswerAssembler(Request() with { Sampling = new SamplingParameters { TopLogProbs = 1 } }, new ByteTokenizer(), [1, 2]);
        var events = new List<GenerationEvent>();
        assembler.Take(new TokenGenerated(0, new SampledToken(0xC3, -1, new TokenLogProbs(new(0xC3, -2), [new(s_the, -1)])), null), events);
        assembler.Take(new TokenGenerated(0, new SampledToken(ByteTokenizer.Eos, -1, new TokenLogProbs(new(ByteTokenizer.Eos, -2), [])), EndReason.EndOfGeneration), events);
        LogProbEntry entry = ((ChoiceAdvanced)events[0]).LogProbs!;
        Assert.Null(entry.Token.Text);
        Assert.Equal([0xC3], entry.Token.Bytes.ToArray());
        Assert.Equal(" the", entry.Top.Single().Text);
        Assert.Null(((ChoiceAdvanced)events[1]).LogProbs);
    }

    [Fact]
    public void Take_EchoWithScores_CountsOffsetsInScalarValues()
    {
        var request = Request() with { Prompt = new TextPrompt("日🙂"), Echo = true, Choices = 2, Sampling = new SamplingParameters { TopLogProbs = 0 } };
        var assembler = new AnswerAssembler(request, new ByteTokenizer(), [.. "日🙂"u8.ToArray().Select(b => (int)b)]);
        var events = new List<GenerationEvent>();
        assembler.Take(new GenerationStarted(0, TimeSpan.Zero), events);
        Assert.Empty(events);
        assembler.Take(new PromptScored([null, .. Enumerable.Range(1, 6).Select(i => new TokenLogProbs(new(i, -1), []))]), events);
        assembler.Take(new TokenGenerated(1, new SampledToken(s_the, -1, new TokenLogProbs(new(s_the, -1), [])), EndReason.Length), events);

        Assert.Equal([0, 1], events.OfType<PromptEchoed>().Select(e => e.Choice));
        Assert.All(events.OfType<PromptEchoed>(), echo => Assert.Equal("日🙂", echo.Text));
        Assert.Equal([0, 0, 0, 1, 1, 1, 1], events.OfType<PromptEchoed>().First().LogProbs!.Select(e => e.TextOffset));
        Assert.Null(events.OfType<PromptEchoed>().First().LogProbs![0].Token.LogProb);
        Assert.Equal(2, ((ChoiceAdvanced)events[^1]).LogProbs!.TextOffset);
    }

    [Fact]
    public void Complete_NoTokensAllowed_EndsEveryChoiceByLength()
    {
        var assembler = new AnswerAssembler(Request() with { MaxTokens = 0, Choices = 2 }, new ByteTokenizer(), [1]);
        var events = new List<GenerationEvent>();
        assembler.Complete(events);
        Assert.Equal([(0, true), (1, false)], events.Cast<ChoiceAdvanced>().Select(e => (e.Choice, e.Usage is null)));
        Assert.All(events.Cast<ChoiceAdvanced>(), e => Assert.Equal(("length", 0), (e.End!.FinishReason, e.End.GeneratedTokens)));
        Assert.True(assembler.Ended);
    }

    private static int Word(string word) => ByteTokenizer.Word(word);

    private static ProviderRequest Request(string[]? stop = null, int minTokens = 0) => new()
    {
        Model = "m",
        Prompt = new TextPrompt("abc"),
        Sampling = new SamplingParameters { MinTokens = minTokens },
        Stop = stop ?? [],
        Clock = RequestClock.Start(TimeProvider.System),
    };

    private static List<ChoiceAdvanced> Run(ProviderRequest request, params (int Id, EndReason? End)[] tokens)
    {
        var assembler = new AnswerAssembler(request, new ByteTokenizer(), [1, 2, 3]);
        var events = new List<GenerationEvent>();
        assembler.Take(new GenerationStarted(2, TimeSpan.Zero), events);
        foreach ((int id, EndReason? end) in tokens) assembler.Take(new TokenGenerated(0, new SampledToken(id, -0.5f, null), end), events);
        Assert.True(assembler.Ended);
        return [.. events.Cast<ChoiceAdvanced>()];
    }
}
