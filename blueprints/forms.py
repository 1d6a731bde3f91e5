"""What all forms share."""

from typing import Any

from wtforms import Field, FieldList, Form, PasswordField


class BaseForm(Form):
    """A WTForms form whose text arrives stripped, ``None`` for blank; passwords as typed."""

    class Meta:
        def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Field:
            keep_as_is = issubclass(unbound_field.field_class, FieldList | PasswordField)
            filters = () if keep_as_is else (_strip, *unbound_field.kwargs.get("filters", ()))
            return unbound_field.bind(form=form, filters=filters, **options)


def _strip(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value
