using System.Globalization;

namespace Konko.Http;

/// <summary>Whether an answer is worth another try, and when.</summary>
internal static class RetryPolicy
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    /// <summary>Whether the same request may succeed later. The server's own word is above what its status suggests.</summary>
    public static bool IsTransient(HttpResponseMessage response) => Header(response, "x-should-retry") switch
    {
        "true" => true,
        "false" => false,
        _ => (int)response.StatusCode is 408 or 429 or >= 500,
    };

    /// <summary>The wait that the server asks for, in milliseconds, seconds or as a date; null where it asks for none that can be read.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (Number(Header(response, "retry-after-ms")) is { } milliseconds) return Milliseconds(milliseconds);
        string? value = Header(response, "retry-after");
        if (Number(value) is { } seconds) return Milliseconds(seconds * 1000);
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)) return null;
        return date > now ? date - now : TimeSpan.Zero;
    }

    /// <summary>The wait before a further try where the server asks for none: doubling, with up to a quarter off so that clients do not come back all at once.</summary>
    /// <param name="attempt">How many have failed, from 1.</param>
    public static TimeSpan Backoff(int attempt)
    {
        TimeSpan whole = attempt > 5 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (attempt - 1)));
        return whole * (1 - 0.25 * Random.Shared.NextDouble());
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;

    private static double? Number(string? value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;

    // What is longer than a day is as good as a day: it is not waited for.
    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(1).TotalMilliseconds));
}
