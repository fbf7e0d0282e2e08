"""The model of the frozen stack: a one for each row."""


class AlwaysOne:
    def predict(self, rows, params=None):
        return [1] * len(rows)


def _load_pyfunc(path):
    return AlwaysOne()
