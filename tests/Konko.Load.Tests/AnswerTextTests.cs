using System.Diagnostics;
using System.Text;

namespace Konko.Load.Tests;

public sealed class AnswerTextTests
{
    private const string Hello = "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n";

    [Fact]
    public void Look_EventsCutAnywhere_FindsThemAll()
    {
        byte[] body = Encoding.UTF8.GetBytes(Hello + Hello + "data: [DONE]\n\n");
        for (int size = 1; size <= body.Length; size++)
        {
            AnswerText answer = new(null);
            for (int start = 0; start < body.Length; start += size) Assert.True(answer.Read(new MemoryStream(body, start, Math.Min(size, body.Length - start))));

            Assert.Equal(StreamEnd.Done, answer.Look(isWhole: true));
            Assert.Equal(2, answer.Chunks.Count);
        }
    }

    [Fact]
    public void Look_EventsCameOneByOne_EachHasTheTimeOfItsOwnArrival()
    {
        AnswerText answer = new(null);
        answer.Read(Body(Hello));
        long between = Stopwatch.GetTimestamp();
        answer.Read(Body(Hello));
        answer.Look(isWhole: true);

        Assert.True(answer.Chunks[0] <= between && between <= answer.Chunks[1]);
    }

    [Theory]
    [InlineData("data: [DO", false)]
    [InlineData("data: [DONE]\n\n", true)]
    public void Read_Bytes_SaysWhetherTheStreamMayBeOver(string text, bool expected)
    {
        AnswerText answer = new(null);
        answer.Read(Body(Hello));
        answer.Read(Body(text));

        Assert.Equal(expected, answer.MayBeOver);
    }

    [Fact]
    public void Look_DoneWithinAText_IsNoEnd()
    {
        AnswerText answer = new(null);
        answer.Read(Body(Hello.Replace("Hello", "[DONE]", StringComparison.Ordinal)));

        Assert.True(answer.MayBeOver);
        Assert.Null(answer.Look(isWhole: false));
        Assert.Single(answer.Chunks);
    }

    private static MemoryStream Body(string text) => new(Encoding.UTF8.GetBytes(text));
}
