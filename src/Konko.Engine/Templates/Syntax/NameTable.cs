namespace Konko.Engine.Templates.Syntax;

/// <summary>Numbers for the variable names of a template, so that scopes compare numbers.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>The number of a name, a new one where it is new.</summary>
    /// <exception cref="TemplateException">There are too many names.</exception>
    public int Add(string name)
    {
        if (_numbers.TryGetValue(name, out int number)) return number;
        if (_numbers.Count == TemplateLimits.Names) throw new TemplateException($"the template has more than {TemplateLimits.Names} names");
        _numbers.Add(name, _numbers.Count);
        return _numbers.Count - 1;
    }

    /// <summary>The number of a name.</summary>
    /// <returns>False where the template does not mention it.</returns>
    public bool TryGet(string name, out int number) => _numbers.TryGetValue(name, out number);
}
