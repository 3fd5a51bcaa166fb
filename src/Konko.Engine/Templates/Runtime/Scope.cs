using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>Variables of the template, a loop's turn, a macro's call or a block; names are the template's numbers for them.</summary>
/// <param name="parent">The scope around this one in the source.</param>
internal sealed class Scope(Scope? parent)
{
    private int[] _names = new int[4];
    private TemplateValue[] _values = new TemplateValue[4];
    private int _count;

    /// <summary>The value of a variable, here or further out; null where there is none.</summary>
    public TemplateValue? Find(int name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            int index = scope._names.AsSpan(0, scope._count).IndexOf(name);
            if (index >= 0) return scope._values[index];
        }
        return null;
    }

    /// <summary>Sets a variable of this scope.</summary>
    public void Set(int name, TemplateValue value)
    {
        int index = _names.AsSpan(0, _count).IndexOf(name);
        if (index < 0)
        {
            if (_count == _names.Length)
            {
                Array.Resize(ref _names, _count * 2);
                Array.Resize(ref _values, _count * 2);
            }
            index = _count++;
            _names[index] = name;
        }
        _values[index] = value;
    }

    private Scope? Parent { get; } = parent;
}
