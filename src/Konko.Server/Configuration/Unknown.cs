namespace Konko.Server.Configuration;

/// <summary>The message for a name that nobody knows, with the nearest known one.</summary>
internal static class Unknown
{
    public static string Explain(string what, string name, IEnumerable<string> known)
    {
        (string Name, int Distance) nearest = known.Select(k => (k, Distance(name, k))).MinBy(k => k.Item2);
        return nearest.Distance <= Math.Max(2, name.Length / 4)
            ? $"there is no such {what}; did you mean '{nearest.Name}'?"
            : $"there is no such {what}.";
    }

    // Levenshtein, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, 1 + Math.Min(diagonal, row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
