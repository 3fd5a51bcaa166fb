using Konko.Protocol.Answers;

namespace Konko.Protocol.Tests.Answers;

public sealed class AnswerDurationTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 100)]
    [InlineData(-5, 0, 0)]
    [InlineData(12_345_678, 1, 234_567_800)]
    [InlineData(9_999_999, 0, 999_999_900)]
    public void From_Ticks_SplitsIntoSecondsAndNanoseconds(long ticks, long seconds, int nanos)
        => Assert.Equal(new AnswerDuration(seconds, nanos), AnswerDuration.From(TimeSpan.FromTicks(ticks)));
}
