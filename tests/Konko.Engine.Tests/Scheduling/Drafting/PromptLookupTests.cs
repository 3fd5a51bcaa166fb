using Konko.Engine.Scheduling.Drafting;

namespace Konko.Engine.Tests.Scheduling.Drafting;

public sealed class PromptLookupTests
{
    [Fact]
    public void Find_EndStoodBefore_GivesWhatFollowedTheLongestMatch()
    {
        int[] text = [1, 2, 3, 4, 9, 2, 3, 5, 1, 2, 3];
        int[] draft = new int[3];
        Assert.Equal(3, new PromptLookup().Find(text, draft));
        Assert.Equal([4, 9, 2], draft);
    }

    [Fact]
    public void Find_TwoMatchesOfOneLength_TakesTheLater()
    {
        int[] draft = new int[1];
        Assert.Equal(2, new PromptLookup().Find([2, 3, 4, 2, 3, 5, 2, 3], draft));
        Assert.Equal([5], draft);
    }

    [Fact]
    public void Find_TextRepeatsItself_GoesOnIntoTheDraft()
    {
        int[] draft = new int[5];
        Assert.Equal(3, new PromptLookup().Find([7, 8, 7, 8, 7], draft));
        Assert.Equal([8, 7, 8, 7, 8], draft);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 1, 2, 3, 4, 5, 2 })]
    public void Find_NothingAlike_GivesNothing(int[] text) => Assert.Equal(0, new PromptLookup().Find(text, new int[2]));

    [Fact]
    public void Find_GrowingText_FindsWhatASearchOfAllFinds()
    {
        var random = new Random(1);
        var lookup = new PromptLookup();
        var text = new List<int>();
        int found = 0;
        while (text.Count < 3000)
        {
            for (int i = random.Next(1, 9); i > 0; i--) text.Add(random.Next(60));
            if (random.Next(12) == 0) text.AddRange(text.GetRange(random.Next(text.Count), 1).Concat(text.Skip(random.Next(text.Count)).Take(20)));
            int[] draft = new int[1], all = [.. text];
            int match = lookup.Find(all, draft);
            int longest = 0;
            for (int place = 0; place < all.Length - 1; place++)
            {
                int length = 0;
                while (length < PromptLookup.MaxMatch && length <= place && all[place - length] == all[^(1 + length)]) length++;
                longest = Math.Max(longest, length);
            }

            Assert.Equal(longest < PromptLookup.MinMatch ? 0 : longest, match);
            if (match > 0) found++;
        }

        Assert.True(found > 50);
    }

    [Fact]
    public void Find_OneTokenOverAndOver_TakesNoLongTime()
    {
        int[] text = new int[100_000], draft = new int[8];
        var lookup = new PromptLookup();
        for (int length = 1000; length <= text.Length; length += 10) lookup.Find(text.AsSpan(0, length), draft);
        Assert.Equal(PromptLookup.MaxMatch, lookup.Find(text, draft));
    }
}
