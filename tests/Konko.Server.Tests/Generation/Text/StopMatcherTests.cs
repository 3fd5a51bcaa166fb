using System.Text;
using Konko.Server.Generation.Text;

namespace Konko.Server.Tests.Generation.Text;

public sealed class StopMatcherTests
{
    [Fact]
    public void Append_StopAcrossPieces_HoldsItBackAndStops()
    {
        var matcher = new StopMatcher(["STOP"]);
        Assert.Equal("ab", matcher.Append("abS", honour: true));
        Assert.Equal("", matcher.Append("TO", honour: true));
        Assert.Equal("", matcher.Append("P!", honour: true));
        Assert.True(matcher.Stopped);
        Assert.Equal("", matcher.Complete());
    }

    [Fact]
    public void Append_FalseAlarm_ReleasesWhatWasHeld()
    {
        var matcher = new StopMatcher(["STOP"]);
        Assert.Equal("", matcher.Append("STO", honour: true));
        Assert.Equal("STO", matcher.Append("ST", honour: true));
        Assert.Equal("ST", matcher.Complete());
        Assert.False(matcher.Stopped);
    }

    [Fact]
    public void Append_StopNotHonouredYet_IsText()
    {
        var matcher = new StopMatcher(["aa"]);
        Assert.Equal("xaa", matcher.Append("xaa", honour: false) + matcher.Append("", honour: true) + Rest(matcher.Append("b", honour: true)));
        Assert.Equal("", matcher.Append("aa", honour: true));
        Assert.True(matcher.Stopped);

        static string Rest(string text) => text.Replace("b", "", StringComparison.Ordinal);
    }

    [Fact]
    public void Append_StopThatOverlapsAnUnhonouredOne_CutsWhereItBegins()
    {
        var matcher = new StopMatcher(["aa"]);
        Assert.Equal("xa", matcher.Append("xaa", honour: false));
        Assert.Equal("", matcher.Append("a", honour: true));
        Assert.True(matcher.Stopped);
    }

    [Fact]
    public void Append_RandomTextsCutAnywhere_AgreesWithSearchingTheWhole()
    {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            string alphabet = random.Next(2) == 0 ? "ab" : "abc🙂é";
            string[] stops = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Text(random, alphabet, random.Next(1, 5)))];
            string text = Text(random, alphabet, random.Next(0, 30));
            (string expected, bool stopped) = Search(text, stops);

            var matcher = new StopMatcher(stops);
            var shown = new StringBuilder();
            for (int at = 0; at < text.Length;)
            {
                int length = Math.Min(random.Next(0, 5), text.Length - at);
                if (at + length < text.Length && char.IsLowSurrogate(text[at + length])) length++;
                shown.Append(matcher.Append(text.Substring(at, length), honour: true));
                at += length;
                AssertNoStopCouldHaveBegunInWhatIsShown(shown.ToString(), stops);
            }

            shown.Append(matcher.Complete());
            Assert.Equal(expected, shown.ToString());
            Assert.Equal(stopped, matcher.Stopped);
        }
    }

    private static void AssertNoStopCouldHaveBegunInWhatIsShown(string shown, string[] stops)
    {
        Assert.False(shown.Length > 0 && char.IsHighSurrogate(shown[^1]));
        foreach (string stop in stops) Assert.DoesNotContain(stop, shown, StringComparison.Ordinal);
    }

    private static (string Text, bool Stopped) Search(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            string head = text[..end];
            string? longest = stops.Where(stop => head.EndsWith(stop, StringComparison.Ordinal)).MaxBy(stop => stop.Length);
            if (longest is not null) return (head[..^longest.Length], true);
        }

        return (text, false);
    }

    private static string Text(Random random, string alphabet, int runes)
    {
        Rune[] letters = [.. alphabet.EnumerateRunes()];
        return string.Concat(Enumerable.Range(0, runes).Select(_ => letters[random.Next(letters.Length)].ToString()));
    }
}
