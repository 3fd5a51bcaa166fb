namespace Konko.House.Tests;

/// <summary>Rules of the house, told with everything that breaks them.</summary>
internal static class House
{
    /// <summary>Fails with every offender on a line of its own, so that all can be mended at once.</summary>
    public static void Allows<T>(IEnumerable<T> offenders)
    {
        string list = string.Join('\n', offenders);
        if (list.Length > 0) Assert.Fail(list);
    }
}
